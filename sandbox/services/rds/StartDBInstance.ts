import type { StartDBInstanceCommandInput, StartDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { startAgain } from "./lifecycle.ts";
import { instanceArn, instanceNamed } from "./state.ts";

/** Starts a stopped instance. */
export const StartDBInstance = operation<
  StartDBInstanceCommandInput,
  Omit<StartDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:StartDBInstance", resources: [instanceArn(world, input.DBInstanceIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const instance = instanceNamed(world, input.DBInstanceIdentifier);
    if (instance.status !== "stopped")
      throw new ServiceException(
        "InvalidDBInstanceStateFault",
        `Instance ${instance.id} is not in stopped state.`,
      );
    instance.status = "starting";
    const answer = { DBInstance: instanceAnswer(world, instance) };
    instance.busy = startAgain(world, instance).then(() => {
      instance.status = "available";
    });
    return answer;
  },
});
