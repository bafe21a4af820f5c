import {
  type Answer,
  answerUpdate,
  approvalPartition,
  closed,
  isRequester,
  type KeptApproval,
  keptApproval,
  linkKey,
  requestKey,
} from "../../lib/plan/approval.ts";
import { type Context, processContext } from "../runtime/context.ts";
import { readRow, updateRow } from "../runtime/rows.ts";
import { SECRET } from "../runtime/secret-id.ts";
import { nonceFor, nonceHolds } from "./nonce.ts";
import { again, notice, type Page, question } from "./page.ts";
import { type Form, formOf, isForeign, type UrlEvent } from "./request.ts";
import { wake } from "./wake.ts";

/** A link's row, and what it leads to. */
interface Link {
  approver: string;
  seed: string;
  kept: KeptApproval;
}

/**
 * The page behind the approvers' links. GET and HEAD show and change nothing, whoever opens the link; POST decides:
 * it writes the answer under a condition, then wakes the run. Whatever goes wrong is a page; nothing of a request,
 * an id or a nonce is logged.
 */
export const handler = async (event: UrlEvent): Promise<Page> => {
  const context = processContext();
  try {
    return await answer(event, context);
  } catch (error) {
    console.error(
      JSON.stringify({ page: "approve", error: (error as Error).message, name: (error as Error).name }),
    );
    return notice(500, "This did not work", [
      "Something failed before anything was decided. Nothing was changed.",
      "Try again in a moment, or use the command line: watchdog approve",
    ]);
  }
};

async function answer(event: UrlEvent, context: Context): Promise<Page> {
  const { method } = event.requestContext.http;
  if (!["GET", "HEAD", "POST"].includes(method))
    return notice(405, "Not this way", ["This page can be opened, and its form sent."], {
      allow: "GET, HEAD, POST",
    });
  const link = await find(event.rawPath.slice(1), context);
  if (!link)
    return notice(404, "This link leads nowhere", [
      "No approval belongs to it. Take the link out of the mail once more, whole.",
    ]);
  if (method === "POST") return decide(link, event, context);
  return refused(link, context) ?? show(link, context);
}

async function find(id: string, { tableName }: Context): Promise<Link | undefined> {
  // Anything else cannot be an id: not worth a look into the table.
  if (!SECRET.test(id)) return undefined;
  const partition = approvalPartition(process.env["SERVICE"]!);
  const link = await readRow(tableName, partition, linkKey(id));
  const run = link?.["run"]?.S;
  if (!link || run === undefined) return undefined;
  const row = await readRow(tableName, partition, requestKey(run));
  if (!row) return undefined;
  return { approver: link["approver"]?.S ?? "", seed: link["seed"]?.S ?? "", kept: keptApproval(row) };
}

function show(
  { kept, approver, seed }: Link,
  { now }: Context,
  more: { problem?: string; reason?: string } = {},
) {
  return question(kept, { approver, nonce: nonceFor(seed, kept.request.hash, now()), ...more }, now());
}

/** Why this link cannot decide any more, as a page; undefined when it can. */
function refused({ kept, approver }: Link, { now }: Context): Page | undefined {
  const { run, asking } = kept.request;
  const why = closed(kept, now(), process.env["PLAN_HASH"] ?? "");
  if (why === "decided") return decided(kept);
  if (why === "expired")
    return notice(410, "The deadline has passed", [
      `An answer was waited for until ${asking.expiresAt}. By then ${asking.atDeadline.action === "rollback" ? "the rollback goes on" : "nothing is changed"}: ${asking.atDeadline.because}.`,
      `Look with: watchdog status ${run.service}`,
    ]);
  if (why === "plan-changed")
    return notice(409, "The plan was changed since you were asked", [
      "What you would approve is not what is deployed now, so this approval is void. Nothing was decided.",
      `To stop the run: watchdog approve ${run.id} --reject. To roll back by the new plan: watchdog run ${run.service}`,
    ]);
  if (isRequester(run, approver))
    return notice(403, "Somebody else has to decide this", [
      `${approver} started this run, and nobody approves his own. Nothing was decided; the other approvers have links of their own.`,
    ]);
  return undefined;
}

function decided({ answer: given, request: { run, asking } }: KeptApproval): Page {
  return notice(
    409,
    "This is decided already",
    given
      ? [
          `${given.by} ${given.outcome} it at ${given.at}${given.reason ? `: ${given.reason}` : ""}. Your answer was not needed, and nothing of it was recorded.`,
          `Look with: watchdog status ${run.service}`,
        ]
      : [
          `The deadline of ${asking.expiresAt} passed without an answer, and the plan's default was followed.`,
        ],
  );
}

async function decide(link: Link, event: UrlEvent, context: Context): Promise<Page> {
  const { kept, approver, seed } = link;
  const form = formOf(event);
  if (!form || isForeign(event))
    return notice(403, "This did not come from the page", ["Open the link in your mail, and decide there."]);
  const wanted = { approve: "approved", reject: "rejected" }[form.decision] as Answer["outcome"] | undefined;
  const { hash, run } = kept.request;
  if (form.hash !== hash)
    return notice(409, "The changes are not those that you saw", [
      "Nothing was decided. Open the link again, and look at what would change now.",
    ]);
  if (!nonceHolds(form.nonce, seed, hash, context.now()))
    return notice(403, "This page was open for too long", [
      "Nothing was decided. Open the link again, and decide there.",
    ]);
  // The same answer of the same person again: the run may not have heard of it.
  if (isSame(kept, approver, wanted)) return tell(kept, form);
  const closedPage = refused(link, context);
  if (closedPage) return closedPage;
  if (!wanted) return show(link, context, { problem: "Choose: approve or reject.", reason: form.reason });
  if (!form.confirm)
    return show(link, context, {
      problem: "Confirm first that it is you, and that you have read what would change.",
      reason: form.reason,
    });
  const given: Answer = {
    outcome: wanted,
    by: approver,
    via: "page",
    at: new Date(context.now()).toISOString(),
    ...(form.reason ? { reason: form.reason } : {}),
  };
  const written = await updateRow(answerUpdate(context.tableName, kept, given));
  const row = await readRow(context.tableName, approvalPartition(run.service), requestKey(run.id));
  const current = row ? keptApproval(row) : kept;
  // Somebody else, or the deadline, was quicker by a moment.
  if (!written) return refused({ ...link, kept: current }, context) ?? decided(current);
  return tell(current, form);
}

const isSame = ({ answer: given }: KeptApproval, approver: string, wanted: string | undefined) =>
  given?.via === "page" && given.by === approver && given.outcome === wanted;

/** The answer is in the table; now the run has to hear of it. */
async function tell(
  { token, answer: given, request: { run, asking } }: KeptApproval,
  form: Form,
): Promise<Page> {
  const { decision, nonce, hash } = form;
  try {
    await wake(token);
  } catch (error) {
    console.error(JSON.stringify({ page: "approve", run: run.id, error: (error as Error).message }));
    return again(
      "Recorded, but the run does not know yet",
      [
        `Your answer is recorded (${given?.outcome}, ${given?.at}), and the run could not be told: Step Functions did not take it.`,
        `Send it again. If that does not work either, the run reads your answer at ${asking.expiresAt} by itself.`,
      ],
      { decision, nonce, hash, confirm: "yes" },
    );
  }
  return given?.outcome === "rejected"
    ? notice(200, "Rejected", [
        `The rollback of ${run.service} does not go on. Nothing was changed.`,
        `Recorded: ${given.by}, ${given.at}.`,
      ])
    : notice(200, "Approved", [
        `The rollback of ${run.service} goes on. Mails follow as it proceeds.`,
        `Recorded: ${given?.by}, ${given?.at}. To stop it before its next change: watchdog freeze ${run.service} --until <time>`,
      ]);
}
