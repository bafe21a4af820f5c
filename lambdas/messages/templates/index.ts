import type { Audience, PlanMoment } from "../../runtime/notices.ts";
import { approval } from "./approval.ts";
import { complete } from "./complete.ts";
import { escalated } from "./escalated.ts";
import { failed } from "./failed.ts";
import { notice } from "./notice.ts";
import { progress } from "./progress.ts";
import { start } from "./start.ts";

/** A notice in Liquid; `lambdas/messages/variables.ts` lists what it may say. */
export interface Template {
  subject: string;
  text: string;
}

export type Templates = Record<Audience, Template>;

/** What each audience is told at each moment unless the plan says it in its own words. */
export const TEMPLATES: Record<PlanMoment, Templates> = {
  start,
  approval,
  progress,
  complete,
  failed,
  escalated,
  notice,
};
