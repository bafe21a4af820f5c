import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  UpdateSecretCommand,
  ValidateResourcePolicyCommand,
} from "@aws-sdk/client-secrets-manager";
import { rawAnswers } from "../raw.ts";
import type { Replays } from "./session.ts";
import { client, refused, secret, test, unique } from "./session.ts";

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

/** Secrets as a whole: made, listed, changed, deleted. */
export const secrets: Replays = {
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
  test_secret_exists_snapshots: async () => {
    const one = secret();
    await one.create({ SecretString: "my_secret", Description: "Testing secret creation." });
    return {
      ex_log: await refused(one.create({ SecretString: "my_secret" })),
      delete_secret_res: await one.remove(),
    };
  },
  test_no_client_request_token: withoutToken,
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
};
