import { logLines, secretValues } from "../../bin/drill/invariants/gather.ts";
import type { DrillBench } from "../drills/harness.ts";

/** Looks for every secret's every value in what was answered and in all logs (invariant 20). */
export function secretsSeen({ sandbox }: DrillBench, said: unknown[]): { known: number; found: number } {
  const values = secretValues(sandbox.world);
  const texts = [JSON.stringify(said), ...logLines(sandbox.world)];
  const found = values.filter((value) => texts.some((text) => text.includes(value)));
  return { known: values.length, found: found.length };
}
