import type { Command } from "commander";

/** `watchdog notify --preview PLAN`: what each audience would get at each moment, from a made-up run. Sends nothing. */
export function addNotify(program: Command): void {
  program
    .command("notify")
    .description("show what a plan would tell people, from example data; nothing is sent")
    .requiredOption("--preview <plan>", "the plan's file")
    .option("--moment <moment>", "start, approval, progress, complete, failed, escalated or notice")
    .option("--audience <audience>", "engineers, users or stakeholders")
    .option("--json", "as one JSON list")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog notify --preview plans/llm-research-lab.yaml\n  watchdog notify --preview plans/llm-research-lab.yaml --moment failed --audience users\n",
    )
    .action(async (options: { preview: string; moment?: string; audience?: string; json?: boolean }) => {
      const [{ loadPlanOrThrow }, { previews }, { AUDIENCES, PLAN_MOMENTS }] = await Promise.all([
        import("../../lib/plan/load.ts"),
        import("../../lib/plan/preview.ts"),
        import("../../lib/plan/audiences.ts"),
      ]);
      const moment = chosen("moment", options.moment, PLAN_MOMENTS);
      const audience = chosen("audience", options.audience, AUDIENCES);
      const found = previews(loadPlanOrThrow(options.preview), moment, audience);
      if (options.json) {
        console.log(JSON.stringify(found));
        return;
      }
      if (found.length === 0) console.log("Nobody is told of this.");
      for (const each of found) {
        console.log(`=== ${each.moment} · ${each.audience} · to ${each.to.join(", ") || "nobody yet"}`);
        console.log(`Subject: ${each.subject}\n\n${each.text}\n`);
        for (const [id, body] of Object.entries(each.webhooks))
          console.log(`POST to webhook ${id}: ${JSON.stringify(body, null, 2)}\n`);
      }
    });
}

function chosen<Value extends string>(
  what: string,
  given: string | undefined,
  known: readonly Value[],
): Value[] | undefined {
  if (given === undefined) return undefined;
  const found = known.find((each) => each === given);
  if (found) return [found];
  throw new Error(`There is no ${what} "${given}". Nothing was sent. Use one of: ${known.join(", ")}.`);
}
