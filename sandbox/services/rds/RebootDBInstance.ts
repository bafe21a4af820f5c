import type { RebootDBInstanceCommandInput, RebootDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { availableInstance, instanceArn } from "./state.ts";

/** Restarts the server. */
export const RebootDBInstance = operation<
  RebootDBInstanceCommandInput,
  Omit<RebootDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:RebootDBInstance", resources: [instanceArn(world, input.DBInstanceIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const instance = availableInstance(world, input.DBInstanceIdentifier);
    instance.status = "rebooting";
    const answer = { DBInstance: instanceAnswer(world, instance) };
    instance.busy = (async () => {
      await instance.cluster.stop();
      await instance.cluster.start();
      instance.status = "available";
    })();
    return answer;
  },
});
