import type { StopDBInstanceCommandInput, StopDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { takeDown } from "./lifecycle.ts";
import { availableInstance, instanceArn } from "./state.ts";

/** Stops the server and keeps its data. */
export const StopDBInstance = operation<
  StopDBInstanceCommandInput,
  Omit<StopDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:StopDBInstance", resources: [instanceArn(world, input.DBInstanceIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const instance = availableInstance(world, input.DBInstanceIdentifier);
    instance.status = "stopping";
    const answer = { DBInstance: instanceAnswer(world, instance) };
    const done = takeDown(world, instance, false).then(() => {
      instance.status = "stopped";
    });
    instance.busy = done;
    return answer;
  },
});
