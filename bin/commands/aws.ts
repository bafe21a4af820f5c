import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { tableName } from "../../lib/names.ts";

/** Options of the commands that talk to AWS; profile, region and AWS_ENDPOINT_URL work as with the AWS CLI. */
export interface AwsOptions {
  region?: string;
  json?: boolean;
}

export const dynamodb = ({ region }: AwsOptions) => new DynamoDBClient(region ? { region } : {});

/** The partition of a service in its own table (lambdas/runtime/store.ts writes it). */
export const keyOf = (service: string, sk: string) => ({
  TableName: tableName(service),
  Key: { pk: { S: `service#${service}` }, sk: { S: sk } },
});

/** One line for people, or one JSON object for programs. */
export function answer(options: AwsOptions, text: string, value: object): void {
  console.log(options.json ? JSON.stringify(value) : text);
}
