import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  type DeleteSecretCommandInput,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  type UpdateSecretCommandInput,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Service } from "../../../sandbox/service.ts";
import { secretsmanager } from "../../../sandbox/services/secretsmanager/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { failure } from "../comparison.ts";

/** The world that the recordings are replayed in, and an SDK client of its administrator. */
export let test: TestWorld;
export let client: SecretsManagerClient;

/** What was asked in a recording, by its name; `parameter` is what stands in its brackets. The answers stand under the recording's keys. */
export type Replays = Record<string, (parameter: string) => Promise<Record<string, unknown>>>;

export async function open(rotation: Service): Promise<void> {
  test = await openWorld([rotation, secretsmanager], { speed: 60 });
  client = new SecretsManagerClient(test.admin);
}

export async function close(): Promise<void> {
  client.destroy();
  await test.close();
}

let names = 0;
export const unique = (prefix = "secret") => `${prefix}-${++names}`;

/** One secret and the calls on it. */
export function secret(Name = unique()) {
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
export async function refused(call: Promise<unknown>): Promise<object> {
  const { Error: error, $metadata } = (await failure(call)) as {
    Error: { Code: string; Message: string };
    $metadata: object;
  };
  const modelled = !["ValidationException", "AccessDeniedException"].includes(error.Code);
  const { Code, Message } = error;
  return { Error: { Code, Message }, ...(modelled ? { Message } : {}), $metadata };
}
