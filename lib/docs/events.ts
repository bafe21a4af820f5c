import { exampleEvent } from "../../lambdas/messages/example.ts";
import { NoticeDetail } from "../../lambdas/runtime/notice-event.ts";
import { DETAIL_TYPE, SOURCE } from "../../lambdas/runtime/notices.ts";
import { deepRowsOf, jsonOf } from "./fields.ts";
import { code, MADE, page, table } from "./markdown.ts";

/** A detail as it could be, checked against the schema so that the page cannot show what does not fit. */
function example(): NoticeDetail {
  const { run, decision, changes, failure, reverts } = exampleEvent("orders", "failed");
  const { decision: chosen, level, rule, because } = decision!;
  return NoticeDetail.parse({
    version: 1,
    id: "5f0c1a7be2d94c7d8a61f3b0",
    service: run.service,
    run: run.id,
    moment: "failed",
    state: "failed",
    at: "2026-01-15T10:15:12.000Z",
    startedAt: run.startedAt,
    dryRun: false,
    reason: run.reason,
    headline: `[orders] ROLLBACK FAILED at ${failure!.state}: a person is needed`,
    decision: { decision: chosen, level, rule, because },
    deployment: run.deployment,
    changes: Object.entries(changes).map(([step, { summary }]) => ({ step, summary })),
    failure: { error: failure!.error, state: failure!.state, cause: failure!.cause },
    ...(reverts.length > 0 ? { report: "s3://orders-reports/orders/error-rate-0123456789ab.html" } : {}),
  });
}

/** docs/events.md: what other tools get on the event bus. */
export function eventsPage(): string {
  const detail = jsonOf(NoticeDetail, "output");
  const pattern = {
    source: [SOURCE],
    "detail-type": [DETAIL_TYPE],
    detail: { moment: ["failed", "escalated"] },
  };
  return page(
    MADE,
    "# Events",
    `Every notice is also an event on the account's default event bus: source ${code(SOURCE)}, detail-type ${code(DETAIL_TYPE)}. ` +
      "It does not depend on who is told: a tool sees all moments. No secret is in it. The same notice may come twice, " +
      `with the same ${code("id")}; fields are only ever added, and ${code("version")} grows when one changes its meaning.`,
    "A rule that hears of failures and calls for help:",
    `\`\`\`json\n${JSON.stringify(pattern, null, 2)}\n\`\`\``,
    "## Detail",
    table(
      ["Field", "Type", "", "Meaning"],
      deepRowsOf(detail).map(([name, type, preset, meaning]) => [
        name!,
        type!,
        preset === "must be given" ? "always" : "",
        meaning!,
      ]),
    ),
    "## Example",
    `\`\`\`json\n${JSON.stringify(example(), null, 2)}\n\`\`\``,
  );
}
