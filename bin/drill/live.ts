import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { stateMachineName } from "../../lib/names.ts";
import { onMail } from "../../sandbox/engines/mail.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { onExecutionEvent } from "../../sandbox/services/states/state.ts";
import { clockText, type Printer, type Tone } from "./print.ts";

/** States that only steer; they would hide the ones that do something. */
const QUIET_TYPES = new Set([
  "PassStateExited",
  "ChoiceStateExited",
  "WaitStateExited",
  "SucceedStateExited",
]);

/** What a drill sees happen, told line by line as it happens. */
export function showLive(
  sandbox: Sandbox,
  printer: Printer,
  service: string,
): { executions: string[]; close(): void } {
  const { world } = sandbox;
  const executions: string[] = [];
  let closed = false;

  world.onEvent((event) => {
    if (event["detail-type"] !== "CloudWatch Alarm State Change") return;
    const detail = event.detail as {
      alarmName: string;
      state: { value: string; reason: string };
      previousState: { value: string };
    };
    const tone: Tone =
      detail.state.value === "ALARM" ? "bad" : detail.state.value === "OK" ? "good" : "quiet";
    printer.line("alarm", `${detail.alarmName}: ${detail.previousState.value} → ${detail.state.value}`, tone);
  });

  onMail(world, (mail) => {
    if (/subscription confirmation/i.test(mail.subject)) return;
    printer.line("mail", `to ${mail.to}: ${mail.subject}`, "loud");
  });

  const entered = new Map<string, number>();
  let lastNote = "";
  onExecutionEvent(world, (executionArn, event) => {
    // Ladder, reminders and rehearsals wait beside the run; what they do is seen as mails.
    if (closed || machineOf(executionArn) !== stateMachineName(service)) return;
    if (!executions.includes(executionArn)) {
      executions.push(executionArn);
      printer.line("run", `${executionArn.split(":").pop()} started`, "loud");
    }
    const at = event.timestamp?.getTime() ?? world.clock.now();
    const name = event.stateEnteredEventDetails?.name;
    if (name) entered.set(`${executionArn} ${name}`, at);
    const exited = event.stateExitedEventDetails;
    if (exited?.name && !QUIET_TYPES.has(event.type ?? "")) {
      const note = noteOf(exited.output);
      const since = entered.get(`${executionArn} ${exited.name}`) ?? at;
      const text = `${exited.name}  (${clockText(at - since)})${note ? `  ${note}` : ""}`;
      // A poll that says what the last one said is no news.
      if (exited.name.startsWith("Poll ") && note === lastNote) return;
      lastNote = note;
      printer.line("state", text);
    }
    const ended = endOf(event);
    if (ended) printer.line("run", ended.text, ended.tone);
  });
  return {
    executions,
    close: () => {
      closed = true;
    },
  };
}

/** Name of the state machine of an execution. */
const machineOf = (executionArn: string) => executionArn.split(":").at(-2)!;

/** The one line an action, a check or a handler says about itself, from a state's output. */
function noteOf(output: string | undefined): string {
  if (!output) return "";
  const value: unknown = JSON.parse(output);
  if (typeof value !== "object" || value === null) return "";
  for (const key of ["note", "because", "reason", "summary"]) {
    const text = (value as Record<string, unknown>)[key];
    if (typeof text === "string" && text) return text.length > 140 ? `${text.slice(0, 139)}…` : text;
  }
  return "";
}

function endOf(event: HistoryEvent): { text: string; tone: Tone } | undefined {
  switch (event.type) {
    case "ExecutionSucceeded":
      return { text: "the execution ended: SUCCEEDED", tone: "good" };
    case "ExecutionFailed": {
      const { error, cause } = event.executionFailedEventDetails ?? {};
      return { text: `the execution ended: FAILED ${error ?? ""} ${cause ?? ""}`.trim(), tone: "bad" };
    }
    case "ExecutionTimedOut":
      return { text: "the execution ended: TIMED_OUT", tone: "bad" };
    case "ExecutionAborted":
      return { text: "the execution ended: ABORTED", tone: "bad" };
    case "TaskFailed":
      return { text: `a task failed: ${event.taskFailedEventDetails?.error}`, tone: "bad" };
    default:
      return undefined;
  }
}
