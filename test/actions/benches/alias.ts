import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { zipOf } from "../../../scenarios/zip.ts";

export const FUNCTION = "chat-answers";
export const ALIAS = "live";

/** A function with three published versions; the alias is at the third. */
export async function publishFunction(sandbox: Sandbox): Promise<void> {
  const lambda = new LambdaClient(sandbox.clientConfig());
  const { Role } = await new IAMClient(sandbox.clientConfig()).send(
    new CreateRoleCommand({
      RoleName: FUNCTION,
      AssumeRolePolicyDocument: JSON.stringify({
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    }),
  );
  const code = (version: number) =>
    zipOf("index.mjs", `export const handler = async () => ({ version: ${version} });\n`);
  const wait = { client: lambda, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: Role!.Arn!,
      Code: { ZipFile: code(1) },
    }),
  );
  await waitUntilFunctionActiveV2(wait, { FunctionName: FUNCTION });
  for (const version of [1, 2, 3]) {
    if (version > 1)
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: FUNCTION, ZipFile: code(version) }));
    await waitUntilFunctionUpdatedV2(wait, { FunctionName: FUNCTION });
    await lambda.send(new PublishVersionCommand({ FunctionName: FUNCTION, Description: `1.${version}.0` }));
  }
  await lambda.send(new CreateAliasCommand({ FunctionName: FUNCTION, Name: ALIAS, FunctionVersion: "3" }));
}
