import { causeText } from "../messages/cause.ts";
import { type Message, part, subject } from "../messages/layout.ts";
import { againstText, lossTime, restoreTime } from "../runtime/practice.ts";
import type { LeftOver, PracticeEndAnswer, PracticeEndEvent, RunContext } from "../runtime/protocol.ts";

/** What is left and what it costs until somebody deletes it. */
const leftLine = ({ arn, why, usdPerDay }: LeftOver) =>
  `${arn} (${usdPerDay === null ? "its price is not known" : `about USD ${usdPerDay.toFixed(2)} a day`}): ${why}`;

/** The mail at the end of a practice. Pure. */
export function endMessage(event: PracticeEndEvent, { line, left, report }: PracticeEndAnswer): Message {
  const { run, failure, measurements, changes, cleanFailure, assumed } = event;
  const failed = measurements.filter(({ verdict }) => verdict !== "passed");
  return {
    subject: subject(`[${run.service}] practice: ${line}`),
    text: [
      `Practice ${run.id} of ${run.service}, begun ${run.startedAt}: ${line}.`,
      "The service itself was not touched: a practice makes copies beside it, looks at them and deletes them.",
      "",
      ...part("Measured", [
        `restored and checked in ${againstText(restoreTime(event))}`,
        `newest moment that could be restored: ${againstText(lossTime(event))} back`,
      ]),
      ...part("What went wrong", [
        ...(failure ? [`${failure.state}: ${failure.error}: ${causeText(failure.cause)}`] : []),
        ...failed.map(
          ({ check, verdict, value, limit }) =>
            `check ${check}: ${verdict}${value === undefined ? "" : ` (${value})`}, must be ${limit}`,
        ),
      ]),
      ...part(
        "Restored",
        Object.entries(changes).map(([step, { summary }]) => `${step}: ${summary}`),
      ),
      ...part("STILL THERE, delete it by hand", [
        ...left.map(leftLine),
        ...(cleanFailure
          ? [`cleaning up failed: ${cleanFailure.error}: ${causeText(cleanFailure.cause)}`]
          : []),
      ]),
      ...part("Assumed", assumed),
      ...(report ? [`Report: s3://${report.bucket}/${report.key}`] : ["No report could be written."]),
    ].join("\n"),
  };
}

/** The mail about a practice that did not begin. Pure. */
export const skippedMessage = ({ id, service }: RunContext, why: string): Message => ({
  subject: subject(`[${service}] practice not started`),
  text: [
    `Practice ${id} of ${service} did not start: ${why}.`,
    "Nothing was made, and nothing was measured.",
    `Start it by hand when that is over: watchdog practice ${service}. Its schedule tries again at its next time.`,
  ].join("\n"),
});
