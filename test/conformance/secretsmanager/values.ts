import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { failure } from "../comparison.ts";
import { rawAnswers } from "../raw.ts";
import type { Replays } from "./session.ts";
import { client, refused, secret, test } from "./session.ts";

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

/** Values: read, changed, not found. */
export const values: Replays = {
  test_secret_not_found: async () => ({
    get_secret_value_not_found_ex: await refused(secret().value()),
    list_secret_version_ids_not_found_ex: await refused(secret().versions()),
  }),
  test_create_secret_version_from_empty_secret: async () => {
    const one = secret();
    return {
      "create-empty-secret": await one.create({ Description: "" }),
      "describe-secret": await one.describe(),
      "put-secret-value": await one.put("example-string-to-protect"),
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
  test_change_secret_value_after_creation: (parameter) => {
    if (parameter === "footest-updated1")
      return changedBinary(Buffer.from("footest"), Buffer.from("updated1"));
    if (parameter === "tops3cret-updated2")
      return changedBinary(Buffer.from("tops3cret"), Buffer.from("updated2"));
    return changedBinary(Buffer.from([0, 1, 2, 255]), Buffer.from([254, 253]));
  },
};
