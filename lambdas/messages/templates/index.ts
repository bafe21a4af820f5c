import type { PlanMoment } from "../../runtime/notices.ts";
import { approval } from "./approval.ts";
import { complete } from "./complete.ts";
import { escalated } from "./escalated.ts";
import { failed } from "./failed.ts";
import { notice } from "./notice.ts";
import { progress } from "./progress.ts";
import { redeploy } from "./redeploy.ts";
import { start } from "./start.ts";
import type { Templates } from "./template.ts";

/** What each audience is told at each moment unless the plan says it in its own words. */
export const TEMPLATES: Record<PlanMoment, Templates> = {
  start,
  approval,
  progress,
  complete,
  failed,
  escalated,
  notice,
  redeploy,
};
