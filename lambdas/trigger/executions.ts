import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings, once } from "../runtime/clients.ts";

export const states = once(() => new SFNClient(clientSettings));

/** Whether an execution has not ended. */
export async function isUnderWay(executionArn: string): Promise<boolean> {
  return (await states().send(new DescribeExecutionCommand({ executionArn }))).status === "RUNNING";
}
