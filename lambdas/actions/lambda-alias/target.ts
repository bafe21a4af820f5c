import { refusal } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";

export interface Published {
  number: number;
  description: string;
}

/** What an alias points at. */
export interface Pointing {
  version: string;
  weights: Record<string, number>;
}

/** The published version that gets every call. Pure. */
export function targetVersion(
  name: string,
  now: Pointing,
  published: Published[],
  wanted: "previous" | "last-good" | number,
  { lastGood }: Pick<RunContext, "lastGood">,
): { version: number; evidence: string[] } {
  if (typeof wanted === "number") {
    if (!published.some(({ number }) => number === wanted))
      throw refusal(`${name} has no published version ${wanted}. Nothing was changed. Correct the plan.`);
    return { version: wanted, evidence: [] };
  }
  if (wanted === "last-good") {
    if (!lastGood)
      throw refusal(
        `The plan brings back the last good version of ${name}, and no version has completed its watch. Nothing was changed. Name a version instead.`,
      );
    const found = published.findLast(({ description }) => description === lastGood.version);
    if (!found)
      throw refusal(
        `No published version of ${name} has the description "${lastGood.version}". Nothing was changed. Let the pipeline publish with it, or name a version.`,
      );
    return {
      version: found.number,
      evidence: [`version ${found.number} is ${lastGood.version}, the last good one`],
    };
  }
  const sharing = Object.keys(now.weights);
  if (sharing.length > 0) {
    const older = Math.min(Number(now.version), ...sharing.map(Number));
    return {
      version: older,
      evidence: [`versions ${[now.version, ...sharing].join(" and ")} shared the calls`],
    };
  }
  const before = now.version === "$LATEST" ? Number.POSITIVE_INFINITY : Number(now.version);
  const older = published.map(({ number }) => number).filter((number) => number < before);
  if (older.length === 0)
    throw refusal(
      `${name} has no published version before ${now.version}. Nothing was changed. Name a version in the plan.`,
    );
  return { version: Math.max(...older), evidence: [] };
}

/** Refuses a version that cannot answer; gives a line about one that Lambda has to wake. Pure. */
export function readiness(
  name: string,
  version: number,
  { State, StateReason }: { State?: string | undefined; StateReason?: string | undefined },
): string[] {
  if (State === "Failed" || State === "Pending")
    throw refusal(
      `Version ${version} of ${name} is ${State} (${StateReason || "no reason given"}). Nothing was changed. Name another version.`,
    );
  // https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
  return State === "Inactive"
    ? [
        `version ${version} was not called for long and is inactive: its first calls fail until Lambda has made it ready, which takes minutes`,
      ]
    : [];
}
