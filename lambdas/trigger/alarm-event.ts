import * as z from "zod";
import { oneLine } from "../runtime/one-line.ts";

/** An alarm's transition, however it came. */
export interface AlarmTransition {
  alarmName: string;
  alarmArn: string;
  state: string;
  /** ISO 8601. */
  at: string;
  reason: string;
}

const State = z.object({ value: z.string(), timestamp: z.string(), reason: z.string().default("") });
const Direct = z.object({
  source: z.literal("aws.cloudwatch"),
  alarmArn: z.string(),
  alarmData: z.object({ alarmName: z.string(), state: State }),
});
const FromBus = z.object({
  source: z.literal("aws.cloudwatch"),
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  resources: z.array(z.string()).min(1),
  detail: z.object({ alarmName: z.string(), state: State }),
});

/** Reads both shapes (AWS-FACTS §4); undefined for anything else. Timestamps come with `+0000`. Pure. */
export function alarmTransition(event: unknown): AlarmTransition | undefined {
  const direct = Direct.safeParse(event);
  const bus = FromBus.safeParse(event);
  const found = direct.success
    ? { alarmArn: direct.data.alarmArn, ...direct.data.alarmData }
    : bus.success
      ? { alarmArn: bus.data.resources[0]!, ...bus.data.detail }
      : undefined;
  if (!found) return undefined;
  const at = new Date(found.state.timestamp.replace(/\+0000$/, "Z"));
  if (Number.isNaN(at.getTime())) return undefined;
  return {
    alarmName: found.alarmName,
    alarmArn: found.alarmArn,
    state: found.state.value,
    at: at.toISOString(),
    reason: oneLine(found.state.reason),
  };
}
