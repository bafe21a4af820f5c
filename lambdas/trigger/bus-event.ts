import * as z from "zod";
import { oneLine } from "../runtime/one-line.ts";

/** An event that a rule of this plan matched, as the rule hands it over. */
export interface MatchedEvent {
  criterion: string;
  /** EventBridge's own id: the same for every delivery of one event. */
  id: string;
  source: string;
  detailType: string;
  /** ISO 8601. */
  at: string;
  /** In the sender's words, if it gave any. */
  reason: string | undefined;
}

const Matched = z.object({
  criterion: z.string(),
  id: z.string().min(1),
  source: z.string(),
  detailType: z.string(),
  time: z.string(),
  detail: z.looseObject({ reason: z.string().optional().catch(undefined) }),
});

/** Reads what an event rule sends; undefined for anything else. Pure. */
export function matchedEvent(event: unknown): MatchedEvent | undefined {
  const parsed = Matched.safeParse(event);
  if (!parsed.success) return undefined;
  const { criterion, id, source, detailType, time, detail } = parsed.data;
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return undefined;
  return {
    criterion,
    id,
    source,
    detailType,
    at: at.toISOString(),
    reason: detail.reason && oneLine(detail.reason).slice(0, 500),
  };
}
