import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { stateMachineName, tableName } from "../../lib/names.ts";
import { printable } from "../printable.ts";

/** Options of the commands that talk to AWS; profile, region and AWS_ENDPOINT_URL work as with the AWS CLI. */
export interface AwsOptions {
  region?: string;
  json?: boolean;
}

/** Settings of any SDK client. */
export const clientOf = ({ region }: AwsOptions) => (region ? { region } : {});

export const dynamodb = (options: AwsOptions) => new DynamoDBClient(clientOf(options));
export const states = (options: AwsOptions) => new SFNClient(clientOf(options));

/** The partition of a service in its own table (lambdas/runtime/store.ts writes it). */
export const partitionOf = (service: string) => ({ S: `service#${service}` });

export const keyOf = (service: string, sk: string) => ({
  TableName: tableName(service),
  Key: { pk: partitionOf(service), sk: { S: sk } },
});

/** ARN of who calls; recorded with what a person decides or starts. */
export async function callerArn(options: AwsOptions): Promise<string> {
  const { Arn = "" } = await new STSClient(clientOf(options)).send(new GetCallerIdentityCommand({}));
  return Arn;
}

/** ARN of a service's state machine (the rollback's unless named), or of one of its executions, in the account and region of the caller. */
export async function stateMachineArn(
  options: AwsOptions,
  service: string,
  execution?: string,
  machine = stateMachineName(service),
): Promise<string> {
  const sts = new STSClient(clientOf(options));
  const [{ Account, Arn = "" }, region] = await Promise.all([
    sts.send(new GetCallerIdentityCommand({})),
    sts.config.region(),
  ]);
  const partition = Arn.split(":")[1] ?? "aws";
  return `arn:${partition}:states:${region}:${Account}:${execution === undefined ? `stateMachine:${machine}` : `execution:${machine}:${execution}`}`;
}

/** One line for people, or one JSON object for programs. */
export function answer(options: AwsOptions, text: string, value: object): void {
  console.log(options.json ? JSON.stringify(value) : printable(text));
}

/** A service's work; that it has no table or state machine here is said by name, with nothing done. */
export async function ofService<Value>(service: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!["ResourceNotFoundException", "StateMachineDoesNotExist"].includes((error as Error).name))
      throw error;
    throw new Error(
      `There is no watchdog of ${service} in this account and region: no ${tableName(service)}, no ${stateMachineName(service)}. ` +
        "Nothing was changed. Check the service's name, AWS_PROFILE and AWS_REGION.",
      { cause: error },
    );
  }
}

/** Services that have a watchdog in the account and region of the caller, by the names of their tables. */
export async function servicesHere(options: AwsOptions): Promise<string[]> {
  const suffix = tableName("");
  const found: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb(options) }, {}))
    found.push(
      ...TableNames.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length)),
    );
  return found;
}
