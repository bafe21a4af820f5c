import {
  approvalPartition,
  changesHash,
  type KeptApproval,
  keptApproval,
  requestKey,
} from "../../lib/plan/approval.ts";
import type { Context } from "../runtime/context.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { frozenUntil, holdsLock } from "../runtime/lock.ts";
import type { ApprovalAnswer, SettleEvent } from "../runtime/protocol.ts";
import { readRow, updateRow } from "../runtime/rows.ts";

/** How far the clocks of two services may be apart, milliseconds. */
const SKEW = 60_000;

/**
 * What came of the question, out of the table: a person's answer, or, past the deadline, the plan's default, which
 * closes the question so that no later answer counts. Lock and freeze are read again, and the changes must be the
 * ones that were asked about.
 */
export async function settle(event: SettleEvent, { tableName, now }: Context): Promise<ApprovalAnswer> {
  const { run, decision, changes } = event;
  // A ramp holds no lock while it asks: it takes it, and looks at everything again, before it changes anything.
  if (run.redeploys === undefined) await holdsLock(tableName, run);
  const kept = await closedRequest(tableName, run.service, run.id, now());
  const hash = changesHash(run, decision.level, changes);
  if (kept.request.hash !== hash)
    throw new WatchdogError(
      "ApprovalVoid",
      `The changes of run ${run.id} (${hash.slice(0, 12)}) are not those that were asked about (${kept.request.hash.slice(0, 12)}). ` +
        "Nothing was changed. Start a run again, and have it approved anew.",
    );
  const at = new Date(now()).toISOString();
  const freeze = await frozenUntil(tableName, run.service, now());
  if (freeze)
    return {
      outcome: "held",
      by: freeze.by,
      via: "freeze",
      at,
      because: `${freeze.by} froze the automation of ${run.service} until ${freeze.until}`,
    };
  return answerOf(kept, at);
}

/** The request, closed: by whoever answered it, or now. */
async function closedRequest(
  table: string,
  service: string,
  run: string,
  now: number,
): Promise<KeptApproval> {
  const read = async () => {
    const row = await readRow(table, approvalPartition(service), requestKey(run));
    if (!row)
      throw new WatchdogError(
        "ApprovalVoid",
        `There is no record that run ${run} of ${service} was asked about. Nothing was changed. Start a run again.`,
      );
    return keptApproval(row);
  };
  const kept = await read();
  if (kept.state !== "open") return kept;
  if (now < Date.parse(kept.request.asking.expiresAt) - SKEW)
    throw new WatchdogError(
      "ApprovalVoid",
      `The wait of run ${run} was ended before its deadline without an answer in the table. Nothing was changed. ` +
        "Look in CloudTrail for who sent the task's result, and start a run again.",
    );
  await updateRow({
    TableName: table,
    Key: { pk: { S: approvalPartition(service) }, sk: { S: requestKey(run) } },
    UpdateExpression: "SET #state = :deadline",
    ConditionExpression: "#state = :open",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":deadline": { S: "deadline" }, ":open": { S: "open" } },
  });
  // Whoever was quicker, it is closed now.
  return read();
}

function answerOf({ request, answer }: KeptApproval, at: string): ApprovalAnswer {
  if (answer) {
    const { outcome, by, via } = answer;
    const reason = answer.reason ? `: ${answer.reason}` : "";
    return { outcome, by, via, at: answer.at, because: `by ${by} (${via}) at ${answer.at}${reason}` };
  }
  const { action, because } = request.asking.atDeadline;
  return {
    // A ramp never goes on by itself, whatever a request says.
    outcome: action === "rollback" && request.run.redeploys === undefined ? "approved" : "held",
    by: "the plan's default",
    via: "deadline",
    at,
    because: `nobody answered by ${request.asking.expiresAt}, and then the default is ${action === "rollback" ? "to go on" : "to hold"}: ${because}`,
  };
}
