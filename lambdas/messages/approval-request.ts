import type { Asking, AtDeadline, Change, Decision, RunContext } from "../runtime/protocol.ts";
import { type Message, message, part } from "./layout.ts";

/** What an approver's own mail says. */
export interface RequestMail {
  run: RunContext;
  decision: Pick<Decision, "level" | "rule" | "because">;
  changes: Record<string, Pick<Change, "summary" | "evidence">>;
  asking: Pick<Asking, "expiresAt" | "dataSteps"> & { atDeadline: AtDeadline };
  /** In words. */
  expected: { change: string; watch: string };
  approver: string;
  link: string;
}

/** What is asked for, in words. */
const SUBJECT = {
  rollback: ({ run, decision }: RequestMail) => ({
    title: `[${run.service}] APPROVE or reject a rollback: ${decision.rule}`,
    ready: `A rollback of ${run.service} is ready and waits for your word. Nothing was changed.`,
  }),
  redeploy: ({ run, decision }: RequestMail) => ({
    title: `[${run.service}] APPROVE or reject the redeploy of ${run.redeploys ?? "?"}`,
    ready: `Version ${run.redeploys ?? "?"} of ${run.service} goes out again and waits for your word: ${decision.because}. Until then nothing more is changed.`,
  }),
};

/** One approver's mail: what would change, how long it takes, what is set aside, and his own link. */
export function approvalRequest(mail: RequestMail): Message {
  const { run, decision, changes, asking, expected, approver, link } = mail;
  const { action, because } = asking.atDeadline;
  const { title, ready } = SUBJECT[run.redeploys === undefined ? "rollback" : "redeploy"](mail);
  const data = asking.dataSteps.flatMap((step) => {
    const change = changes[step];
    return change ? [`${step}: ${change.summary}`] : [];
  });
  return message(title, [
    ready,
    "",
    "Look at it and decide here:",
    `  ${link}`,
    "",
    ...part("Deadline", [
      `${asking.expiresAt}. Without an answer by then ${action === "rollback" ? "the rollback goes on" : "nothing is changed"}: ${because}.`,
    ]),
    ...part("Why", [`rule ${decision.rule}, level ${decision.level}: ${decision.because}`]),
    ...part(
      "Would change (before -> after)",
      Object.entries(changes).flatMap(([step, { summary, evidence = [] }]) => [
        `${step}: ${summary}`,
        ...evidence.map((line) => `  (${line})`),
      ]),
    ),
    ...part("Data that would be set aside", data.length > 0 ? data : ["none: no step touches data"]),
    ...part("Expected", [`${expected.change} for the changes, then ${expected.watch} of watching.`]),
    ...part("This link", [
      `It is ${approver}'s own and works once. What is decided with it is recorded as ${approver}'s decision and told to everybody, so do not forward it.`,
      "Opening it decides nothing.",
      `With the rights in AWS it also goes by: watchdog approve ${run.id} (or --reject)`,
    ]),
    `Run ${run.id} of ${run.service}, begun ${run.startedAt}.`,
  ]);
}
