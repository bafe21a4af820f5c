import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  type DeleteSecretCommandInput,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  ResourceNotFoundException,
  RestoreSecretCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  type UpdateSecretCommandInput,
  UpdateSecretVersionStageCommand,
  ValidateResourcePolicyCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operation, type Service, ServiceException } from "../../sandbox/service.ts";
import { secretsmanager } from "../../sandbox/services/secretsmanager/index.ts";
import { openWorld, type TestWorld } from "../sandbox/front/harness.ts";
import { differences, failure } from "./comparison.ts";
import { rawAnswers } from "./raw.ts";
import { recorded } from "./recorded.ts";

const cases = recorded<Record<string, { "recorded-content": Record<string, unknown> }>>(
  "recorded/secretsmanager.json",
);

let test: TestWorld;
let client: SecretsManagerClient;
let passed = 0;
let names = 0;
const unique = (prefix = "secret") => `${prefix}-${++names}`;

beforeAll(async () => {
  test = await openWorld([lambda, secretsmanager], { speed: 60 });
  client = new SecretsManagerClient(test.admin);
});
afterAll(async () => {
  console.log(`Secrets Manager conformance: ${passed} of ${Object.keys(cases ?? {}).length} recorded cases`);
  client.destroy();
  await test.close();
});

/** One secret and the calls on it. */
function secret(Name = unique()) {
  const of = { SecretId: Name };
  return {
    Name,
    create: (input: Partial<CreateSecretCommandInput> = {}) =>
      client.send(new CreateSecretCommand({ Name, ...input })),
    put: (SecretString: string, VersionStages?: string[]) =>
      client.send(new PutSecretValueCommand({ ...of, SecretString, VersionStages })),
    update: (input: Partial<UpdateSecretCommandInput> = {}) =>
      client.send(new UpdateSecretCommand({ ...of, ...input })),
    value: (input: Partial<GetSecretValueCommandInput> = {}) =>
      client.send(new GetSecretValueCommand({ ...of, ...input })),
    describe: () => client.send(new DescribeSecretCommand(of)),
    versions: (IncludeDeprecated?: boolean) =>
      client.send(new ListSecretVersionIdsCommand({ ...of, IncludeDeprecated })),
    move: (VersionStage: string, RemoveFromVersionId?: string, MoveToVersionId?: string) =>
      client.send(
        new UpdateSecretVersionStageCommand({ ...of, VersionStage, RemoveFromVersionId, MoveToVersionId }),
      ),
    rotate: (input: Partial<RotateSecretCommandInput>) =>
      client.send(new RotateSecretCommand({ ...of, ...input })),
    tag: (Tags: { Key: string; Value: string }[]) => client.send(new TagResourceCommand({ ...of, Tags })),
    untag: (...TagKeys: string[]) => client.send(new UntagResourceCommand({ ...of, TagKeys })),
    remove: (input: Partial<DeleteSecretCommandInput> = { ForceDeleteWithoutRecovery: true }) =>
      client.send(new DeleteSecretCommand({ ...of, ...input })),
  };
}

/** A refusal as boto3 shows it: errors of the service model have their message twice. */
async function refused(call: Promise<unknown>): Promise<object> {
  const { Error: error, $metadata } = (await failure(call)) as {
    Error: { Code: string; Message: string };
    $metadata: object;
  };
  const modelled = !["ValidationException", "AccessDeniedException"].includes(error.Code);
  const { Code, Message } = error;
  return { Error: { Code, Message }, ...(modelled ? { Message } : {}), $metadata };
}

const ROTATION = "arn:aws:lambda:us-east-1:123456789012:function:rotation";
/** A rotation function that does what AWS's template does, in this process. */
const lambda: Service = {
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

async function createAndUpdate(name: string, partialArn: "found" | "not found", hasSuffix = true) {
  const one = secret(hasSuffix ? name : unique());
  const created = await one.create({ SecretString: "my_secret", Description: "Testing secret creation." });
  const part = created.ARN!.slice(0, -7);
  const answers: Record<string, unknown> = {
    create_secret_rs_1: created,
    get_secret_value_rs_1: await one.value(),
    describe_secret_rs_1: await one.describe(),
    get_secret_value_rs_2: await one.value({ SecretId: created.ARN }),
  };
  if (partialArn === "found") answers["get_secret_value_rs_3"] = await one.value({ SecretId: part });
  else answers["resource_not_found_dict_1"] = await refused(one.value({ SecretId: part }));
  answers["put_secret_value_rs_1"] = await one.put("new_secret");
  answers["get_secret_value_rs_4"] = await one.value();
  answers["update_secret_res_1"] = await one.update({
    SecretId: created.ARN,
    SecretString: "test123",
    Description: "d1",
  });
  answers["delete_secret_res_1"] = await one.remove();
  return answers;
}

async function listedThreeTimes() {
  const one = secret();
  const Description = "testing creation of secrets";
  const created = await one.create({ SecretString: "my_secret", Description });
  const list = async () => {
    const { SecretList = [], $metadata } = await client.send(new ListSecretsCommand({}));
    return { SecretList: SecretList.filter(({ Name }) => Name === one.Name), $metadata };
  };
  return {
    create_secret_rs_1: created,
    list_secrets_res_0: await list(),
    list_secrets_res_1: await list(),
    list_secrets_res_2: await list(),
    delete_secret_res_1: await one.remove(),
  };
}

async function severalSecrets() {
  const all = [secret(unique("multi")), secret(unique("multi")), secret(unique("multi"))];
  for (const one of all)
    await one.create({ SecretString: "my_secret", Description: "Testing secrets creation." });
  const { SecretList = [], $metadata } = await client.send(new ListSecretsCommand({ SortOrder: "asc" }));
  return {
    list_secrets_res: { SecretList: SecretList.filter(({ Name }) => Name!.startsWith("multi")), $metadata },
    delete_secret_res0: await all[0]!.remove(),
    delete_secret_res1: await all[1]!.remove(),
    delete_secret_res2: await all[2]!.remove(),
  };
}

const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" }],
};

async function invalidName(Name: string) {
  const one = secret(Name);
  const SecretString = "MySecretString";
  const ResourcePolicy = JSON.stringify(POLICY);
  const calls = [
    () => one.create({ SecretString }),
    () => one.remove(),
    () => one.describe(),
    () => one.value(),
    () => one.versions(true),
    () => one.put(SecretString),
    () => one.tag([{ Key: "FirstTag", Value: "SomeValue" }]),
    () => one.untag("FirstTag"),
    () => one.update({ Description: "MyNewDescription" }),
    () => client.send(new ValidateResourcePolicyCommand({ SecretId: Name, ResourcePolicy })),
  ];
  const answers: Record<string, unknown> = {};
  for (const [index, call] of calls.entries()) answers[`ex_log_${index + 1}`] = await refused(call());
  return answers;
}

async function withoutToken(operationName: string) {
  const raw = rawAnswers(test.admin, "ClientRequestToken");
  const SecretString = "thisisthesecret";
  const commands: Record<string, () => Promise<unknown>> = {
    CreateSecret: () => raw.client.send(new CreateSecretCommand({ Name: unique(), SecretString })),
    UpdateSecret: () => raw.client.send(new UpdateSecretCommand({ SecretId: unique(), SecretString })),
    RotateSecret: () => raw.client.send(new RotateSecretCommand({ SecretId: unique() })),
    PutSecretValue: () => raw.client.send(new PutSecretValueCommand({ SecretId: unique(), SecretString })),
  };
  const { body, status } = await raw.answerOf(commands[operationName]!);
  return { "no-client-request-exc": { Error: body, Metadata: { StatusCode: status } } };
}

async function rotatedOnce(RotateImmediately: boolean | undefined) {
  const one = secret();
  await one.create({ SecretString: "my_secret", Description: "testing rotation of secrets" });
  const { ARN, VersionId } = await one.describe().then(async ({ ARN, VersionIdsToStages = {} }) => ({
    ARN,
    VersionId: Object.keys(VersionIdsToStages)[0],
  }));
  expect(ARN).toBeDefined();
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

async function changedBinary(...[put, update]: [Buffer, Buffer]) {
  const one = secret();
  const SecretId = one.Name;
  await one.create({ SecretBinary: Buffer.from("initial") });
  const first = await one.value();
  await client.send(new PutSecretValueCommand({ SecretId, SecretBinary: put }));
  const second = await one.value();
  await one.update({ SecretBinary: update });
  return {
    put_secret_value_secret_response: asPython(first),
    put_secret_binary_response_updated: asPython(second),
    update_secret_binary_response_updated: asPython(await one.value()),
  };
}

/** The recordings show bytes as Python does: b'…' with \x escapes. */
function asPython<Answer extends { SecretBinary?: Uint8Array | undefined }>(answer: Answer): object {
  const text = [...(answer.SecretBinary ?? [])]
    .map((byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
  return { ...answer, SecretBinary: `b'${text}'` };
}

/** Puts, moves and looks, as one recording of staging labels did; the keys count per kind of call. */
const replays: Record<string, (parameter: string) => Promise<Record<string, unknown>>> = {
  test_can_recreate_delete_secret: async () => {
    const one = secret();
    const SecretString = "secretstr";
    const answers = {
      create_secret_res_0: await one.create({ SecretString }),
      delete_res_1: await one.remove(),
    };
    return { ...answers, create_secret_res_1: await one.create({ SecretString }) };
  },
  test_exp_raised_on_creation_of_secret_scheduled_for_deletion: async () => {
    const one = secret();
    await one.create({ SecretString: "secretstr" });
    const delete_res = await one.remove({ RecoveryWindowInDays: 7 });
    return { delete_res, invalid_req_ex: await refused(one.create({ SecretString: "secretstr" })) };
  },
  test_create_and_update_secret: async (parameter) => {
    const name = parameter.replace(/-(True|False)$/, "");
    if (parameter.startsWith("Invalid")) return createAndUpdate(name, "not found");
    return createAndUpdate(name, "found", parameter.startsWith("Valid"));
  },
  test_call_lists_secrets_multiple_times: listedThreeTimes,
  test_call_lists_secrets_multiple_times_snapshots: listedThreeTimes,
  test_create_multi_secrets: severalSecrets,
  test_create_multi_secrets_snapshot: severalSecrets,
  test_put_secret_value_with_version_stages: async () => {
    const one = secret();
    const answers: Record<string, unknown> = {
      create_secret_rs_0: await one.create({ SecretString: "secret_string_v0" }),
      get_secret_value_res_0: await one.value(),
    };
    const stages = [
      ["SAMPLESTAGE1", "SAMPLESTAGE0"],
      ["SAMPLESTAGE1", "SAMPLESTAGE0"],
      ["AWSPENDING"],
      undefined,
    ];
    for (const [index, each] of stages.entries()) {
      answers[`put_secret_value_res_${index + 1}`] = await one.put(`secret_string_v${index + 1}`, each);
      answers[`get_secret_value_res_${index + 1}`] = await one.value();
    }
    return { ...answers, delete_secret_res_1: await one.remove() };
  },
  test_invalid_secret_name: (parameter) => invalidName(parameter.replaceAll("\\\\", "\\")),
  test_update_secret_description: async () => {
    const one = secret();
    const answers: Record<string, unknown> = {
      create_secret_rs_0: await one.create({ SecretString: "MySecretString" }),
      describe_secret_res_0: await one.describe(),
    };
    const updates = [
      { Description: "MyDescription" },
      { SecretString: "MyNewSecretString", Description: "MyNewDescription" },
      { SecretString: "MyNewSecretStringMyNewSecretString" },
      {},
    ];
    for (const [index, each] of updates.entries()) {
      answers[`update_secret_res_${index}`] = await one.update(each);
      answers[`describe_secret_res_${index + 1}`] = await one.describe();
    }
    return { ...answers, delete_secret_res_0: await one.remove() };
  },
  test_update_secret_version_stages_return_type: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING"]);
    return {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      update_secret_version_stage_res_0: await one.move("AWSPENDING", put.VersionId, created.VersionId),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_previous: async () => {
    const one = secret();
    return {
      create_secret_rs_0: await one.create({ SecretString: "S1" }),
      list_secret_version_ids_res_0: await one.versions(),
      update_secret_res_0: await one.update({ SecretString: "S2" }),
      list_secret_version_ids_res_1: await one.versions(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING"]);
    return {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_res_0: await one.versions(),
      update_secret_version_stage_res_0: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      list_secret_version_ids_res_1: await one.versions(),
      put_secret_value_res_1: await one.put("S3"),
      list_secret_version_ids_res_2: await one.versions(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending_cycle: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING"]);
    const answers = {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_res_0: await one.versions(),
      get_secret_value_res_0: await one.value(),
      update_secret_version_stage_res_0: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      list_secret_version_ids_res_1: await one.versions(),
      get_secret_value_res_1: await one.value(),
    };
    const third = await one.put("S3", ["AWSPENDING"]);
    return {
      ...answers,
      put_secret_value_res_1: third,
      list_secret_version_ids_res_2: await one.versions(),
      get_secret_value_res_2: await one.value(),
      put_secret_value_res_2: await one.move("AWSCURRENT", put.VersionId, third.VersionId),
      list_secret_version_ids_res_3: await one.versions(),
      get_secret_value_res_3: await one.value(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending_cycle_custom_stages_1: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING", "AWSSOMETHING", "PUT1"]);
    const answers = {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_res_0: await one.versions(),
      get_secret_value_res_0: await one.value(),
      update_secret_version_stage_res_0: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      list_secret_version_ids_res_1: await one.versions(),
      get_secret_value_res_1: await one.value(),
    };
    const third = await one.put("S3", ["AWSPENDING", "PUT2"]);
    return {
      ...answers,
      put_secret_value_res_1: third,
      list_secret_version_ids_res_2: await one.versions(),
      get_secret_value_res_2: await one.value(),
      update_secret_version_stage_res_1: await one.move("AWSCURRENT", put.VersionId, third.VersionId),
      list_secret_version_ids_res_3: await one.versions(),
      get_secret_value_res_3: await one.value(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending_cycle_custom_stages_2: async () => {
    const one = secret();
    const answers: Record<string, unknown> = {
      create_secret_rs_0: await one.create({ SecretString: "SS" }),
    };
    const versions = [await one.put("S1", ["AWSCURRENT", "PUT0"])];
    answers["put_secret_value_res_0"] = versions[0];
    answers["list_secret_version_ids_res_0"] = await one.versions();
    for (const round of [0, 1]) {
      const put = await one.put(`S${round + 2}`, ["AWSPENDING", `PUT${round + 1}`]);
      answers[`put_secret_value_res_${round + 1}`] = put;
      answers[`list_secret_version_ids_res_${2 * round + 1}`] = await one.versions();
      answers[`get_secret_value_res_${2 * round}`] = await one.value();
      answers[`update_secret_version_stage_res_${round}`] = await one.move(
        "AWSCURRENT",
        versions.at(-1)!.VersionId,
        put.VersionId,
      );
      answers[`list_secret_version_ids_res_${2 * round + 2}`] = await one.versions();
      answers[`get_secret_value_res_${2 * round + 1}`] = await one.value();
      versions.push(put);
    }
    return { ...answers, delete_secret_res_0: await one.remove() };
  },
  test_update_secret_version_stages_current_pending_cycle_custom_stages_3: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "SS" });
    const put = await one.put("S1", ["PENDING"]);
    const [first, second] = [{ VersionId: created.VersionId }, { VersionId: put.VersionId }];
    return {
      create_secret_rs: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_rs: await one.versions(),
      get_secret_value_v1_rs: await one.value(first),
      get_secret_value_v2_rs: await one.value(second),
      update_secret_version_stage_res_1: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      get_secret_value_v1_rs_1: await one.value(first),
      get_secret_value_v2_rs_1: await one.value(second),
      update_secret_version_stage_res_2: await one.move("PENDING", put.VersionId),
      get_secret_value_v1_rs_2: await one.value(first),
      get_secret_value_v2_rs_2: await one.value(second),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_non_versioning_version_stages_replacement: () => customStages(["one", "two", "three", "four"]),
  test_non_versioning_version_stages_no_replacement: () => customStages(["one", "two", "four"]),
  test_secret_not_found: async () => ({
    get_secret_value_not_found_ex: await refused(secret().value()),
    list_secret_version_ids_not_found_ex: await refused(secret().versions()),
  }),
  test_secret_exists_snapshots: async () => {
    const one = secret();
    await one.create({ SecretString: "my_secret", Description: "Testing secret creation." });
    return {
      ex_log: await refused(one.create({ SecretString: "my_secret" })),
      delete_secret_res: await one.remove(),
    };
  },
  test_no_client_request_token: withoutToken,
  test_create_secret_version_from_empty_secret: async () => {
    const one = secret();
    return {
      "create-empty-secret": await one.create({ Description: "" }),
      "describe-secret": await one.describe(),
      "put-secret-value": await one.put("example-string-to-protect"),
    };
  },
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
  test_resource_policy: async () => {
    const one = secret();
    const SecretId = one.Name;
    await one.create({ SecretString: "my_secret" });
    const ResourcePolicy = JSON.stringify(POLICY);
    const answers = {
      put_resource_policy: await client.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy })),
      get_resource_policy: await client.send(new GetResourcePolicyCommand({ SecretId })),
    };
    await client.send(new DeleteResourcePolicyCommand({ SecretId }));
    return answers;
  },
  test_secret_restore: async () => {
    const one = secret();
    await one.create({ SecretString: "my_secret", Description: "test description" });
    return {
      delete_secret_res: await one.remove({}),
      restore_secret_res: await client.send(new RestoreSecretCommand({ SecretId: one.Name })),
    };
  },
  test_secret_tags: async () => {
    const one = secret();
    const tag = (number: number) => ({ Key: `tag${number}`, Value: `value${number}` });
    const answers: Record<string, unknown> = {
      create_secret: await one.create(),
      describe_secret: await one.describe(),
      tag_resource_1: await one.tag([tag(1)]),
      describe_secret_1: await one.describe(),
      tag_resource_2: await one.tag([tag(2)]),
      describe_secret_2: await one.describe(),
      untag_resource_1: await one.untag("tag1"),
      describe_secret_3: await one.describe(),
      untag_resource_2: await one.untag("tag2"),
      describe_secret_4: await one.describe(),
    };
    await one.tag([tag(3), tag(4)]);
    answers["describe_secret_5"] = await one.describe();
    await one.untag("tag3", "tag4");
    return { ...answers, describe_secret_6: await one.describe() };
  },
  test_deprecated_secret_version_stage: async () => {
    const one = secret();
    return {
      create_secret: await one.create({ SecretString: "original", Description: "My secret" }),
      list_secret_version_ids: await one.versions(),
      put_secret_value_1: await one.put("update1"),
      list_secret_version_ids_1: await one.versions(),
      put_secret_value_2: await one.put("update2"),
      list_secret_version_ids_2: await one.versions(),
      list_secret_version_ids_3: await one.versions(true),
      put_secret_value_3: await one.put("update3"),
      list_secret_version_ids_4: await one.versions(),
      list_secret_version_ids_5: await one.versions(true),
    };
  },
  test_get_secret_value_errors: async () => {
    const one = secret();
    const { VersionId } = await one.create({ SecretString: "test" });
    const VersionStage = "AWSPREVIOUS";
    return {
      error_get_secret_value_non_existing: await refused(one.value({ VersionStage })),
      mismatch_version_id_and_stage: await refused(one.value({ VersionId, VersionStage })),
    };
  },
  test_secret_version_not_found: async () => {
    const one = secret();
    await one.create();
    const said = async (input: Partial<GetSecretValueCommandInput>) => {
      const { Error: error } = (await failure(one.value(input))) as { Error: Record<string, string> };
      return `An error occurred (${error["Code"]}) when calling the GetSecretValue operation: ${error["Message"]}`;
    };
    return {
      get_secret_value_no_version_ex: await said({}),
      get_secret_value_version_not_found_ex: await said({ VersionId: crypto.randomUUID() }),
      get_secret_value_stage_not_found_ex: await said({ VersionStage: "AWSPENDING" }),
    };
  },
  test_get_secret_value: async () => {
    const one = secret();
    await one.create({ SecretBinary: Buffer.from("footest") });
    const raw = rawAnswers(test.admin);
    const { body } = await raw.answerOf(() =>
      raw.client.send(new GetSecretValueCommand({ SecretId: one.Name })),
    );
    return {
      secret_value_response: asPython(await one.value()),
      secret_value_http_response: { ...body, CreatedDate: new Date(Number(body["CreatedDate"]) * 1000) },
    };
  },
  test_force_delete_deleted_secret: async () => {
    const one = secret();
    return {
      create_secret_response: await one.create({ SecretString: "secretstr" }),
      delete_secret_response: await one.remove({}),
      describe_secret_response: await one.describe(),
      force_delete_secret_response: await one.remove(),
    };
  },
  test_tag_untag_resource_on_deleted_secret: async () => {
    const one = secret();
    const Tags = [{ Key: "initial-tag", Value: "initial-value" }];
    return {
      create_secret: await one.create({ SecretString: "test-secret-value", Tags }),
      delete_secret: await one.remove({}),
      tag_deleted_secret_error: await refused(one.tag([{ Key: "new-tag", Value: "new-value" }])),
      untag_deleted_secret_error: await refused(one.untag("initial-tag")),
    };
  },
  test_change_secret_value_after_creation: (parameter) => {
    if (parameter === "footest-updated1")
      return changedBinary(Buffer.from("footest"), Buffer.from("updated1"));
    if (parameter === "tops3cret-updated2")
      return changedBinary(Buffer.from("tops3cret"), Buffer.from("updated2"));
    return changedBinary(Buffer.from([0, 1, 2, 255]), Buffer.from([254, 253]));
  },
};

async function customStages(second: string[]) {
  const one = secret();
  return {
    create_secret_rs_0: await one.create({ SecretString: "S1" }),
    put_secret_value_res_0: await one.put("S2", ["one", "two", "three"]),
    list_secret_version_ids_res_0: await one.versions(),
    put_secret_value_res_1: await one.put("S3", second),
    list_secret_version_ids_res_1: await one.versions(),
    delete_secret_res_0: await one.remove(),
  };
}

describe.skipIf(!cases)("Secrets Manager answers as AWS was recorded", () => {
  it.each(Object.keys(cases ?? {}))("%s", async (name) => {
    const [, replayName = "", parameter = ""] = /::(test_\w+)(?:\[(.*)\])?$/s.exec(name) ?? [];
    const replay = replays[replayName];
    expect(replay, `no replay is written for ${name}`).toBeDefined();

    const { meanings = {}, ...answers } = await replay!(parameter);

    const placeholders = {
      account: test.world.account,
      meanings: new Map(Object.entries(meanings as object)),
    };
    expect(differences(cases![name]!["recorded-content"], answers, placeholders)).toEqual([]);
    passed += 1;
  });
});
