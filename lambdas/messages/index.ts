import type { AnnounceEvent, Moment } from "../runtime/protocol.ts";
import { approval } from "./approval.ts";
import { dryRun } from "./dry-run.ts";
import { escalated } from "./escalated.ts";
import { failed } from "./failed.ts";
import { held } from "./held.ts";
import type { Message } from "./layout.ts";
import { notified } from "./notified.ts";
import { progress } from "./progress.ts";
import { redeploy } from "./redeploy.ts";
import { refused } from "./refused.ts";
import { rejected } from "./rejected.ts";
import { started } from "./started.ts";
import { succeeded } from "./succeeded.ts";
import { verified } from "./verified.ts";

/** One message for each moment of a run. */
export const messages: Record<Moment, (event: AnnounceEvent) => Message> = {
  started,
  progress,
  succeeded,
  failed,
  "dry-run": dryRun,
  notified,
  approval,
  rejected,
  held,
  refused,
  verified,
  escalated,
  redeploy,
};
