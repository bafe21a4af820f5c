import type { Audience } from "../../runtime/notices.ts";

/** A notice in Liquid; `lambdas/messages/variables.ts` lists what it may say. */
export interface Template {
  subject: string;
  text: string;
}

export type Templates = Record<Audience, Template>;
