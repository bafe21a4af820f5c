import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PreconditionFailedException,
  paginateListVersionsByFunction,
  ResourceNotFoundException,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { lambdaAlias } from "./spec.ts";
import { type Pointing, type Published, readiness, targetVersion } from "./target.ts";

const lambda = once(() => new LambdaClient(clientSettings));
type Input = z.output<typeof lambdaAlias.input>;
type Before = z.output<typeof lambdaAlias.before>;

const nameOf = (input: Input) => `${input.function}:${input.alias}`;

async function read(input: Input): Promise<Pointing & { revisionId: string }> {
  const {
    FunctionVersion = "",
    RoutingConfig,
    RevisionId = "",
  } = await lambda().send(new GetAliasCommand({ FunctionName: input.function, Name: input.alias }));
  return {
    version: FunctionVersion,
    weights: RoutingConfig?.AdditionalVersionWeights ?? {},
    revisionId: RevisionId,
  };
}

async function published(FunctionName: string): Promise<Published[]> {
  const found: Published[] = [];
  for await (const { Versions = [] } of paginateListVersionsByFunction(
    { client: lambda() },
    { FunctionName },
  ))
    for (const { Version, Description = "" } of Versions)
      if (Version !== "$LATEST") found.push({ number: Number(Version), description: Description });
  return found.toSorted((left, right) => left.number - right.number);
}

/** Refuses a version that cannot answer; says of one that sleeps. */
async function answering(input: Input, version: number): Promise<string[]> {
  const found = await lambda().send(
    new GetFunctionConfigurationCommand({ FunctionName: input.function, Qualifier: String(version) }),
  );
  return readiness(input.function, version, found);
}

const alike = (left: Pointing, right: Pointing) =>
  left.version === right.version &&
  Object.keys({ ...left.weights, ...right.weights }).every((key) => left.weights[key] === right.weights[key]);

const changed = (input: Input, now: Pointing) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `${nameOf(input)} points at version ${now.version}${Object.keys(now.weights).length > 0 ? ` and others (${JSON.stringify(now.weights)})` : ""}, which this run neither found nor made. It was left alone. Find out who changed it.`,
  );

const answer = (input: Input, { version }: Pointing) => ({
  done: true,
  note: `${nameOf(input)} points at version ${version}`,
  outputs: { version },
});

/** Compare-and-set by the alias's revision; twice is harmless. */
async function point(input: Input, to: Pointing, RevisionId: string) {
  try {
    await lambda().send(
      new UpdateAliasCommand({
        FunctionName: input.function,
        Name: input.alias,
        FunctionVersion: to.version,
        // An empty map clears them; without it they stay.
        RoutingConfig: { AdditionalVersionWeights: to.weights },
        RevisionId,
      }),
    );
  } catch (error) {
    if (!(error instanceof PreconditionFailedException)) throw error;
    // The SDK called again after a lost reply, or somebody was faster.
    const now = await read(input);
    if (!alike(now, to)) throw changed(input, now);
  }
  return answer(input, to);
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run }) {
    let now: Awaited<ReturnType<typeof read>>;
    try {
      now = await read(input);
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      throw refusal(`There is no alias ${nameOf(input)}. Nothing was changed. Correct the plan.`);
    }
    const { version, evidence } = targetVersion(
      input.function,
      now,
      await published(input.function),
      input.version,
      run,
    );
    const asleep = await answering(input, version);
    const target = String(version);
    const shares = Object.entries(now.weights).map(
      ([other, weight]) => ` and ${Math.round(weight * 100)} % to ${other}`,
    );
    return {
      before: { ...now, target },
      after: { version: target },
      summary: alike(now, { version: target, weights: {} })
        ? `${nameOf(input)} points at version ${target} already`
        : `${nameOf(input)}: version ${now.version}${shares.join("")} → ${target}`,
      evidence: [...evidence, ...asleep],
      expects: { version: target },
    };
  },

  async apply(input, { before }) {
    const to = { version: before.target, weights: {} };
    const now = await read(input);
    if (alike(now, to)) return answer(input, to);
    if (now.revisionId !== before.revisionId) throw changed(input, now);
    return point(input, to, before.revisionId);
  },

  async poll(input, { before }, { phase }) {
    const now = await read(input);
    const wanted = phase === "apply" ? { version: before.target, weights: {} } : before;
    return { ...answer(input, now), done: alike(now, wanted) };
  },

  async revert(input, { before }) {
    const now = await read(input);
    if (alike(now, before)) return answer(input, before);
    if (!alike(now, { version: before.target, weights: {} })) throw changed(input, now);
    return point(input, before, now.revisionId);
  },
};

export const handler = serveAction(lambdaAlias, verbs);
