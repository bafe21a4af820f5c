import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { zipOf } from "../zip.ts";
import { STABLE } from "./code.ts";
import { FUNCTION } from "./data.ts";

const { name: FunctionName, alias: Name } = FUNCTION;
const clientOf = (sandbox: Sandbox) => new LambdaClient(sandbox.clientConfig());

/** The function with its first release, and the alias that the service calls. */
export async function createFunction(sandbox: Sandbox): Promise<void> {
  const client = clientOf(sandbox);
  const { Role } = await new IAMClient(sandbox.clientConfig()).send(
    new CreateRoleCommand({
      RoleName: FunctionName,
      AssumeRolePolicyDocument: JSON.stringify({
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    }),
  );
  await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: Role!.Arn!,
      Timeout: 20,
      Code: { ZipFile: zipOf("index.mjs", STABLE) },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { FunctionName });
  const { Version } = await client.send(new PublishVersionCommand({ FunctionName, Description: "2.3.1" }));
  await client.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: Version! }));
}

/** What a pipeline does: new code, a version of it, and the alias pointed there. */
export async function releaseFunction(sandbox: Sandbox, code: string, version: string): Promise<void> {
  const client = clientOf(sandbox);
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf("index.mjs", code) }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { FunctionName });
  const { Version } = await client.send(new PublishVersionCommand({ FunctionName, Description: version }));
  await client.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: Version! }));
}

/** The version that every call gets; several, when they share the calls. */
export async function liveVersions(sandbox: Sandbox): Promise<string[]> {
  const { FunctionVersion = "", RoutingConfig } = await clientOf(sandbox).send(
    new GetAliasCommand({ FunctionName, Name }),
  );
  return [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})];
}
