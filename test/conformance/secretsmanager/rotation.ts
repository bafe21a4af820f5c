import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  ResourceNotFoundException,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "vitest";
import { operation, type Service, ServiceException } from "../../../sandbox/service.ts";
import type { Replays } from "./session.ts";
import { client, refused, secret } from "./session.ts";

const ROTATION = "arn:aws:lambda:us-east-1:123456789012:function:rotation";
/** A rotation function that does what AWS's template does, in this process. */
export const lambda: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: {
    Invoke: operation<{ FunctionName: string; InvocationType?: string; Payload?: Uint8Array }, object>({
      authorize: () => [],
      run: async ({ FunctionName, InvocationType, Payload }) => {
        if (FunctionName !== ROTATION)
          throw new ServiceException("ResourceNotFoundException", `Function not found: ${FunctionName}`);
        if (InvocationType === "DryRun") return { StatusCode: 204 };
        await rotationStep(JSON.parse(Buffer.from(Payload ?? []).toString()));
        return { StatusCode: 200, Payload: Buffer.from("null") };
      },
    }),
  },
};

async function rotationStep(event: { Step: string; SecretId: string; ClientRequestToken: string }) {
  const { SecretId, ClientRequestToken: VersionId } = event;
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  const stages = VersionIdsToStages[VersionId] ?? [];
  if (stages.includes("AWSCURRENT")) return;
  if (!stages.includes("AWSPENDING")) throw new Error(`${VersionId} is not pending`);
  if (event.Step === "createSecret") {
    await client.send(new GetSecretValueCommand({ SecretId, VersionStage: "AWSCURRENT" }));
    const pending = { SecretId, VersionId, VersionStage: "AWSPENDING" };
    await client.send(new GetSecretValueCommand(pending)).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      const put: PutSecretValueCommandInput = { SecretId, SecretString: `rotated to ${VersionId}` };
      put.ClientRequestToken = VersionId;
      put.VersionStages = ["AWSPENDING"];
      return client.send(new PutSecretValueCommand(put));
    });
  }
  if (event.Step === "finishSecret") {
    const holder = Object.entries(VersionIdsToStages).find(([, each]) => each.includes("AWSCURRENT"))?.[0];
    const VersionStage = "AWSCURRENT";
    const move = { SecretId, VersionStage, MoveToVersionId: VersionId, RemoveFromVersionId: holder };
    await client.send(new UpdateSecretVersionStageCommand(move));
  }
}

/** Resolves when the rotation's version is the current one and no longer pending. */
const rotated = (one: ReturnType<typeof secret>, version: string | undefined) =>
  expect
    .poll(async () => (await one.describe()).VersionIdsToStages?.[version!], { timeout: 10_000 })
    .toEqual(["AWSCURRENT"]);

async function rotatedOnce(RotateImmediately: boolean | undefined) {
  const one = secret();
  const { VersionId } = await one.create({
    SecretString: "my_secret",
    Description: "testing rotation of secrets",
  });
  const answer = await one.rotate({
    RotationLambdaARN: ROTATION,
    RotationRules: { AutomaticallyAfterDays: 1 },
    RotateImmediately,
  });
  await rotated(one, answer.VersionId);
  return {
    meanings: { "<version_uuid:1>": VersionId },
    rotate_secret_immediately: answer,
    describe_secret_rotated: await one.describe(),
    list_secret_versions_rotated_1: await one.versions(),
  };
}

export const rotation: Replays = {
  test_rotate_secret_with_lambda_success: (parameter) => rotatedOnce(parameter === "True" ? true : undefined),
  test_rotate_secret_multiple_times_with_lambda_success: async () => {
    const one = secret();
    const { VersionId } = await one.create({
      SecretString: "my_secret",
      Description: "testing rotation of secrets",
    });
    const answers: Record<string, unknown> = { meanings: { "<version_uuid:1>": VersionId } };
    const inputs = [
      { RotationLambdaARN: ROTATION, RotationRules: { AutomaticallyAfterDays: 1 }, RotateImmediately: true },
      {},
    ];
    for (const [index, input] of inputs.entries()) {
      const answer = await one.rotate(input);
      await rotated(one, answer.VersionId);
      answers[`rotate_secret_immediately_${index + 1}`] = answer;
      answers[`describe_secret_rotated_${index + 1}`] = await one.describe();
      answers[`list_secret_versions_rotated_1_${index + 1}`] = await one.versions();
      await one.value();
    }
    return answers;
  },
  test_rotate_secret_invalid_lambda_arn: async () => {
    const one = secret();
    const create_secret = await one.create({ SecretString: "init" });
    const RotationLambdaARN = ROTATION.replace("rotation", "nowhere");
    const RotationRules = { AutomaticallyAfterDays: 1 };
    return {
      create_secret,
      rotate_secret_invalid_arn_exc: await refused(one.rotate({ RotationLambdaARN, RotationRules })),
      describe_secret: await one.describe(),
    };
  },
  test_first_rotate_secret_with_missing_lambda_arn: async () => {
    const one = secret();
    const create_secret = await one.create({ SecretString: "init" });
    return {
      create_secret,
      rotate_secret_no_arn_exc: await refused(one.rotate({ RotationRules: { AutomaticallyAfterDays: 1 } })),
      describe_secret: await one.describe(),
    };
  },
};
