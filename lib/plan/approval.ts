import { createHash } from "node:crypto";
import {
  type Asking,
  type AtDeadline,
  approvalPartition,
  type Change,
  type Decision,
  type RunContext,
  requestKey,
} from "../../lambdas/runtime/protocol.ts";

export { approvalPartition, requestKey };

/**
 * An approval as it is asked for, kept and decided: pure, shared by the functions and the command line. The table's
 * row is what counts: whoever answers writes it first, under a condition, and only then wakes the run, which reads it.
 */
export interface ApprovalRequest {
  run: RunContext;
  decision: Pick<Decision, "level" | "rule" | "because">;
  /** {@link changesHash} of what is asked about. */
  hash: string;
  changes: Record<string, Pick<Change, "before" | "after" | "summary" | "evidence">>;
  asking: Omit<Asking, "atDeadline"> & { atDeadline: AtDeadline };
  askedAt: string;
}

export type ApprovalState = "open" | "approved" | "rejected" | "deadline";

/** A person's answer. */
export interface Answer {
  outcome: "approved" | "rejected";
  by: string;
  via: "page" | "command line";
  at: string;
  reason?: string;
}

/** A request as the table has it. */
export interface KeptApproval {
  request: ApprovalRequest;
  state: ApprovalState;
  /** Wakes the waiting task; never leaves the account. */
  token: string;
  answer?: Answer;
}

/** Links are stored by the SHA-256 of their id: who reads the table cannot follow one. */
export const linkKey = (id: string) => `LINK#${createHash("sha256").update(id).digest("hex")}`;

/** What an approval is bound to: run, plan, level, and exactly what would become of what. 64 hexadecimal digits. */
export function changesHash(
  run: Pick<RunContext, "id" | "service" | "plan">,
  level: string,
  changes: Record<string, Pick<Change, "before" | "after">>,
): string {
  const bound = {
    run: run.id,
    service: run.service,
    plan: run.plan,
    level,
    changes: Object.fromEntries(
      Object.entries(changes).map(([step, { before, after }]) => [step, { before, after }]),
    ),
  };
  return createHash("sha256").update(canonical(bound)).digest("hex");
}

/** JSON with sorted keys: the same value is the same text, whoever wrote it down. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`);
  return `{${members.join(",")}}`;
}

/** Why a request can no longer be answered. */
export type Closed = "decided" | "expired" | "plan-changed";

/** Whether a request may still be answered; `plan`: hash of the plan that is deployed now. */
export function closed(
  { state, request }: Pick<KeptApproval, "state" | "request">,
  now: number,
  plan: string,
): Closed | undefined {
  if (state !== "open") return "decided";
  // Written so that an unreadable instant counts as passed.
  if (!(now < Date.parse(request.asking.expiresAt))) return "expired";
  return request.run.plan === plan ? undefined : "plan-changed";
}

/**
 * Whether an approver (e-mail address or ARN of an IAM identity) is who started the run by hand: nobody approves
 * his own. Names are compared without case, by address, by what stands before the @, and by the last part of an ARN.
 */
export function isRequester({ trigger }: Pick<RunContext, "trigger">, approver: string): boolean {
  if (trigger.type !== "manual") return false;
  const requester = [trigger.by, trigger.identity].flatMap((each) => (each === undefined ? [] : names(each)));
  return names(approver).some((each) => requester.includes(each));
}

function names(of: string): string[] {
  const text = of.trim().toLowerCase();
  if (text === "" || text === "somebody") return [];
  const last = text.startsWith("arn:") ? text.slice(text.lastIndexOf("/") + 1) : text;
  return [...new Set([text, last, last.split("@")[0]!])];
}

/** A row in the form of DynamoDB's attributes. */
type Row = Record<string, { S?: string } | undefined>;

/** Reads a request's row. */
export function keptApproval(row: Row): KeptApproval {
  const text = (name: string) => row[name]?.S;
  const state = (text("state") ?? "open") as ApprovalState;
  const reason = text("reason");
  return {
    request: JSON.parse(text("request") ?? "{}") as ApprovalRequest,
    state,
    token: text("token") ?? "",
    ...(state === "approved" || state === "rejected"
      ? {
          answer: {
            outcome: state,
            by: text("by") ?? "",
            via: (text("via") ?? "page") as Answer["via"],
            at: text("at") ?? "",
            ...(reason === undefined ? {} : { reason }),
          },
        }
      : {}),
  };
}

/**
 * DynamoDB's UpdateItem that records a person's answer, once: only while the request is open, in time, and about the
 * same changes. It must succeed before the run is woken.
 */
export function answerUpdate(tableName: string, { request }: Pick<KeptApproval, "request">, answer: Answer) {
  return {
    TableName: tableName,
    Key: { pk: { S: approvalPartition(request.run.service) }, sk: { S: requestKey(request.run.id) } },
    UpdateExpression: `SET #state = :state, #by = :by, #via = :via, #at = :at${answer.reason ? ", #reason = :reason" : ""}`,
    ConditionExpression: "#state = :open AND #hash = :hash AND expiresAt > :at",
    ExpressionAttributeNames: {
      "#state": "state",
      "#hash": "hash",
      "#by": "by",
      "#via": "via",
      "#at": "at",
      ...(answer.reason ? { "#reason": "reason" } : {}),
    },
    ExpressionAttributeValues: {
      ":open": { S: "open" },
      ":hash": { S: request.hash },
      ":state": { S: answer.outcome },
      ":by": { S: answer.by },
      ":via": { S: answer.via },
      ":at": { S: answer.at },
      ...(answer.reason ? { ":reason": { S: answer.reason } } : {}),
    },
  };
}

/** `1 h 5 min`, `40 s` */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
