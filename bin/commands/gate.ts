import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { gateName } from "../../lib/names.ts";
import { type AwsOptions, clientOf } from "./aws.ts";

export type Gate = "open" | "closed";

/** What pipelines read now; undefined when the deployed stack has no gate yet. */
export async function gateOf(options: AwsOptions, service: string): Promise<string | undefined> {
  try {
    const { Parameter } = await new SSMClient(clientOf(options)).send(
      new GetParameterCommand({ Name: gateName(service) }),
    );
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** Opens or closes it. Never makes one: a stack deployed later could not make its own. */
export async function setGate(options: AwsOptions, service: string, gate: Gate): Promise<Gate | undefined> {
  if ((await gateOf(options, service)) === undefined) return undefined;
  await new SSMClient(clientOf(options)).send(
    new PutParameterCommand({ Name: gateName(service), Value: gate, Overwrite: true }),
  );
  return gate;
}
