import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, checks, decided, footer, type Message, message, part } from "./layout.ts";

/** The end everybody hopes for: measured, watched, held. */
export const succeeded = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] rolled back and verified`, [
    `${event.run.service} was rolled back. Every check ran on real data and held through the whole watch.`,
    "",
    ...decided(event),
    ...changes(event, "Changed (before -> after)"),
    ...checks(event),
    ...part("What was set aside", [
      "What the rollback replaced is kept and marked. Nothing was deleted; rows written after the restore point are in the old database.",
    ]),
    ...part("What to do next", [
      "Keep the bad release from being deployed again, and bring infrastructure code in line with the changes above.",
      "Find the cause, then decide what of the data that was set aside has to come back.",
      ...(event.report ? [`Report: s3://${event.report.bucket}/${event.report.key}`] : []),
    ]),
    ...footer(event),
  ]);
