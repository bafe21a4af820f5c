import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { mustBeOurs, sideEffects } from "./described.ts";
import { secretVersion } from "./spec.ts";

const secrets = once(() => new SecretsManagerClient(clientSettings));
type Input = { secret: string; version: string };
type Before = { currentVersionId: string; targetVersionId: string };

const describe = (SecretId: string) => secrets().send(new DescribeSecretCommand({ SecretId }));

const labelsOf = ({ VersionIdsToStages = {} }: DescribeSecretResponse): Map<string, string[]> =>
  new Map(Object.entries(VersionIdsToStages));

const labels = async (secret: string) => labelsOf(await describe(secret));

const holder = (versions: Map<string, string[]>, stage: string) =>
  [...versions].find(([, stages]) => stages.includes(stage))?.[0];

/** Compare-and-set: the label moves only from the version that has it, to the one wanted; twice is harmless. */
async function move(SecretId: string, from: string, to: string) {
  const current = holder(await labels(SecretId), "AWSCURRENT");
  const answer = { done: true, note: `AWSCURRENT of ${SecretId} is ${to}`, outputs: { versionId: to } };
  if (current === to) return answer;
  if (current !== from)
    throw new WatchdogError(
      "ChangedSincePreflight",
      `AWSCURRENT of ${SecretId} is ${current}, and this run knows ${from} and ${to} only. It was left alone. Find out who changed it.`,
    );
  try {
    await secrets().send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: to,
        RemoveFromVersionId: from,
      }),
    );
  } catch (error) {
    // The SDK called again after a lost reply: the first call moved the label.
    if (holder(await labels(SecretId), "AWSCURRENT") !== to) throw error;
  }
  return answer;
}

export const verbs: Verbs<Input, Before> = {
  async preflight({ secret, version }, { region }) {
    const described = await describe(secret);
    mustBeOurs(secret, described, region);
    const versions = labelsOf(described);
    const currentVersionId = holder(versions, "AWSCURRENT");
    if (!currentVersionId) throw refusal(`The secret ${secret} has no current version. Nothing was changed.`);
    const pending = holder(versions, "AWSPENDING");
    if (pending && pending !== currentVersionId)
      throw refusal(
        `A rotation of ${secret} is under way (AWSPENDING is on ${pending}). Nothing was changed. Let it end or cancel it (aws secretsmanager cancel-rotate-secret); where it failed and left the label, take that off (update-secret-version-stage --version-stage AWSPENDING --remove-from-version-id ${pending}). Then start the run again.`,
      );
    const targetVersionId = version === "previous" ? holder(versions, "AWSPREVIOUS") : version;
    if (!targetVersionId)
      throw refusal(
        `The secret ${secret} has no previous version. Nothing was changed. Name a version id in the plan.`,
      );
    if (!versions.has(targetVersionId))
      throw refusal(
        `The secret ${secret} has no labelled version ${targetVersionId}. Nothing was changed. Correct the plan.`,
      );
    return {
      before: { currentVersionId, targetVersionId },
      after: { versionId: targetVersionId },
      summary:
        currentVersionId === targetVersionId
          ? `${secret} is at ${targetVersionId} already`
          : `${secret}: AWSCURRENT ${currentVersionId} → ${targetVersionId}`,
      evidence: sideEffects(described),
      expects: { versionId: targetVersionId },
      ...(currentVersionId === targetVersionId
        ? {}
        : { keeps: [`version ${currentVersionId} of the secret ${secret}, as AWSPREVIOUS`] }),
    };
  },
  apply: ({ secret }, { before }) => move(secret, before.currentVersionId, before.targetVersionId),
  revert: ({ secret }, { before }) => move(secret, before.targetVersionId, before.currentVersionId),
  async poll({ secret }, { before }, { phase }) {
    const wanted = phase === "apply" ? before.targetVersionId : before.currentVersionId;
    const current = holder(await labels(secret), "AWSCURRENT");
    return {
      done: current === wanted,
      note: `AWSCURRENT of ${secret} is ${current}`,
      outputs: { versionId: wanted },
    };
  },
};

export const handler = serveAction(secretVersion, verbs);
