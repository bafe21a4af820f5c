import {
  GetParameterCommand,
  type Parameter,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParameterHistory,
  SSMClient,
} from "@aws-sdk/client-ssm";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { ssmParameter } from "./spec.ts";
import { type Kept, mustTakeAnother, targetVersion } from "./target.ts";

const ssm = once(() => new SSMClient(clientSettings));
/** Never asks twice by itself: a put whose reply was lost would be a second version. */
const writer = once(() => new SSMClient({ ...clientSettings, maxAttempts: 1 }));
type Input = z.output<typeof ssmParameter.input>;
type Before = z.output<typeof ssmParameter.before>;
/** A version's value, or the plan's own. */
type Wanted = { version: number } | { value: string };

async function history(Name: string): Promise<Kept[]> {
  const found: Kept[] = [];
  try {
    for await (const { Parameters = [] } of paginateGetParameterHistory({ client: ssm() }, { Name }))
      found.push(...(Parameters as Kept[]));
  } catch (error) {
    if (error instanceof ParameterNotFound)
      throw refusal(`There is no parameter ${Name}. Nothing was changed. Correct the plan.`);
    throw error;
  }
  return found.toSorted((left, right) => left.Version - right.Version);
}

/** A version as a caller may use it: decrypted here, and put in no answer, log or error. */
async function read(Name: string, version?: number): Promise<Parameter & { Version: number; Value: string }> {
  const { Parameter } = await ssm().send(
    new GetParameterCommand({
      Name: version === undefined ? Name : `${Name}:${version}`,
      WithDecryption: true,
    }),
  );
  return Parameter as Parameter & { Version: number; Value: string };
}

const changed = (parameter: string, now: number, known: number) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `${parameter} is at version ${now}, and this run knows ${known}: somebody changed it. It was left alone. Compare the versions in its history.`,
  );

/**
 * Puts a value over that of version `from`, unless it is there already. SSM has no compare-and-set: the newest version
 * is read right before, and the version that the put answers shows whether somebody came in between.
 */
async function put(parameter: string, from: number, wanted: Wanted) {
  const now = await read(parameter);
  const value = "value" in wanted ? wanted.value : (await read(parameter, wanted.version)).Value;
  const answer = (version: number) => ({
    done: true,
    note: `${parameter} is at version ${version}, ${"value" in wanted ? "the plan's value" : `the value of version ${wanted.version}`}`,
    outputs: { version },
  });
  if (now.Version <= from + 1 && now.Value === value) return answer(now.Version);
  if (now.Version !== from) throw changed(parameter, now.Version, from);
  const versions = await history(parameter);
  // What a put leaves out is lost, the key of a secure string first of all.
  const { Description, KeyId, AllowedPattern, DataType } = versions.findLast(
    ({ Version }) => Version === ("value" in wanted ? from : wanted.version),
  )!;
  const command = new PutParameterCommand({
    Name: parameter,
    Value: value,
    Type: now.Type,
    Overwrite: true,
    Description,
    KeyId,
    AllowedPattern,
    DataType,
    // An advanced parameter never becomes a standard one again, whatever an older version was.
    Tier: versions.at(-1)!.Tier,
  });
  const Version = await writer()
    .send(command)
    .then((put) => put.Version ?? 0)
    .catch(async (error: unknown) => {
      const after = await read(parameter);
      if (after.Version !== from + 1 || after.Value !== value) throw error;
      return after.Version;
    });
  if (Version !== from + 1)
    throw new WatchdogError(
      "ChangedSincePreflight",
      `Somebody wrote version ${Version - 1} of ${parameter} at the same moment, and this run's version ${Version} lies over it. Both are in its history. Decide which holds.`,
    );
  return answer(Version);
}

/** What a revert finds: nothing done, done (one version more, with the value), or undone again (two more). */
async function restore({ parameter, value }: Input, { version, target }: Before) {
  const now = await read(parameter);
  const own = await read(parameter, version);
  const answer = { done: true, note: `${parameter} has the value of version ${version}`, outputs: {} };
  if (now.Version === version) return answer;
  if (now.Version === version + 2 && now.Value === own.Value) return answer;
  const given = target === null ? value : (await read(parameter, target)).Value;
  if (now.Version !== version + 1 || now.Value !== given) throw changed(parameter, now.Version, version + 1);
  await put(parameter, now.Version, { version });
  return answer;
}

export const verbs: Verbs<Input, Before> = {
  async preflight({ parameter, version = "previous", value }, { run }) {
    const versions = await history(parameter);
    const current = versions.at(-1)!;
    mustTakeAnother(parameter, versions);
    const from = `${parameter}: version ${current.Version}`;
    if (value !== undefined) {
      if (current.Type === "SecureString")
        throw refusal(
          `${parameter} is a secure string, and the plan has its value in plain text. Nothing was changed. Name a version.`,
        );
      return {
        before: { version: current.Version, target: null },
        after: { value },
        summary: current.Value === value ? `${parameter} is "${value}" already` : `${from} → "${value}"`,
        expects: { version: current.Version + (current.Value === value ? 0 : 1) },
      };
    }
    const target = targetVersion(parameter, versions, version, run);
    const same = target.version === current.Version;
    return {
      before: { version: current.Version, target: target.version },
      after: { valueOfVersion: target.version },
      summary: same
        ? `${parameter} is at version ${target.version} already`
        : `${from} → the value of version ${target.version}`,
      evidence: target.evidence,
      expects: { version: current.Version + (same ? 0 : 1) },
    };
  },
  apply: ({ parameter, value }, { before }) =>
    put(
      parameter,
      before.version,
      before.target === null ? { value: value ?? "" } : { version: before.target },
    ),
  revert: (input, { before }) => restore(input, before),
  async poll({ parameter }) {
    // Both verbs answer when they are done; a put holds at once.
    const version = (await history(parameter)).at(-1)!.Version;
    return { done: true, note: `${parameter} is at version ${version}`, outputs: { version } };
  },
};

export const handler = serveAction(ssmParameter, verbs);
