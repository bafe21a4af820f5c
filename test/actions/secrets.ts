import { logsState } from "../../sandbox/services/logs/state.ts";
import { secretsState } from "../../sandbox/services/secretsmanager/state.ts";
import type { DrillBench } from "../drills/harness.ts";

/** Shorter members of a secret (a port, a user's name) are no secrets. */
const SHORTEST = 12;

/** Looks for every secret's every value in what was answered and in all logs (invariant 20). */
export function secretsSeen({ sandbox }: DrillBench, said: unknown[]): { known: number; found: string[] } {
  const values = [...secretsState(sandbox.world).values()].flatMap(({ name, versions }) =>
    versions.flatMap(({ string }) => membersOf(string).map((text) => ({ name, text }))),
  );
  const texts = [
    JSON.stringify(said),
    ...[...logsState(sandbox.world).groups.values()].flatMap((group) =>
      [...group.streams.values()].flatMap((stream) => stream.events.map(({ message }) => message)),
    ),
  ];
  const found = values
    .filter(({ text }) => texts.some((each) => each.includes(text)))
    .map(({ name }) => `a value of ${name} was seen`);
  return { known: values.length, found: [...new Set(found)] };
}

function membersOf(value: string | undefined): string[] {
  if (value === undefined) return [];
  const texts: string[] = [];
  try {
    for (const member of Object.values(JSON.parse(value) as object))
      if (typeof member === "string") texts.push(member);
  } catch {
    texts.push(value); // not JSON: the whole text is the secret
  }
  return texts.filter((text) => text.length >= SHORTEST);
}
