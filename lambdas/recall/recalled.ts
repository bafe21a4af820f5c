import * as z from "zod";
import { refusal } from "../runtime/errors.ts";
import type { RecallAnswer } from "../runtime/protocol.ts";

const Recorded = z.looseObject({
  outcome: z.string(),
  run: z.looseObject({ plan: z.string(), undoes: z.string().optional() }),
  decision: z.looseObject({ level: z.string() }).nullable(),
  changes: z.record(
    z.string(),
    z.looseObject({
      before: z.record(z.string(), z.unknown()),
      after: z.record(z.string(), z.unknown()),
      summary: z.string(),
    }),
  ),
  steps: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/**
 * What an ended run changed, as its report has it, turned round. Only a run that succeeded can be undone: a failed one
 * was reverted when it failed. A plan that has changed since has other steps, whose inverses were never recorded. Pure.
 *
 * @throws Refusal, with nothing undone.
 */
export function recalled(report: unknown, undoes: string, plan: string, approve: boolean): RecallAnswer {
  const parsed = Recorded.safeParse(report);
  if (!parsed.success)
    throw refusal(
      `The report of run ${undoes} cannot be read (${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}). Nothing was undone. Put things right by hand; the report lists every change.`,
    );
  const { outcome, run, decision, changes, steps } = parsed.data;
  if (outcome !== "succeeded")
    throw refusal(
      `Run ${undoes} ended as ${outcome}: what it had begun was reverted then. Nothing was undone.`,
    );
  if (run.undoes)
    throw refusal(
      `Run ${undoes} was itself the undoing of ${run.undoes}. Nothing was undone. To roll back again, start a run.`,
    );
  if (run.plan !== plan)
    throw refusal(
      `The plan has changed since run ${undoes}, and its steps are not those that were done. Nothing was undone. Deploy the plan of that time, or put things right by hand; the report lists every change.`,
    );
  const level = decision?.level ?? "full";
  return {
    changes: changes as RecallAnswer["changes"],
    summaries: Object.fromEntries(
      Object.entries(changes).map(([step, { summary }]) => [step, { summary: `taken back: ${summary}` }]),
    ),
    steps,
    decision: {
      decision: approve ? "approve" : "rollback",
      level,
      rule: "undo",
      because: `a person asked to take back run ${undoes}`,
      inputs: { undoes, outcome },
    },
  };
}
