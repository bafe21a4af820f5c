import type { EscalateEvent } from "../../../lambdas/runtime/protocol.ts";
import { tellOfRung } from "../../plan/audiences.ts";
import { seconds } from "../../plan/duration.ts";
import type { Plan } from "../../plan/schema.ts";
import type { Assign, Catcher, Choice, Machine, State, Task } from "../asl.ts";
import { TASK_SECONDS, taskBound } from "../deadline.ts";
import { constant, type Payload } from "../payloads.ts";
import { readRetry } from "../retry.ts";
import { ENTERED } from "../variables.ts";
import { ladderInput } from "./cut-short.ts";

const EXECUTION = "$states.context.Execution";
const MARGIN = 1.05;

/** Names of the ladder's states. */
const NAMES = {
  begin: "Begin",
  cause: "Why called?",
  restoring: "Wait for the service",
  look: "Restored in time?",
  needed: "Anybody needed?",
  late: "Not restored in time",
  notNeeded: "Nobody is needed",
  over: "Over",
  repeat: "Call again",
  waitRepeat: "Wait to call again",
  repeated: "Anybody now?",
  nobody: "Nobody came",
} as const;

const rungName = (index: number, who: string) => `Rung ${index + 1}: ${who}`.slice(0, 80);

/** What one rung calls, for its state's name. */
function whoOf(rung: NonNullable<Plan["escalation"]>["rungs"][number]): string {
  return [...rung.audiences, ...rung.email, ...rung.webhooks].join(", ");
}

/**
 * A plan's ladder as a state machine of its own: wait until a rung is due, call unless somebody acknowledged, next; the
 * last rung again and again, a number of times. It outlives the run that called it. Pure.
 *
 * A rung whose function fails gives way to the next one: here the way on is to call more people, so its catchers do
 * not end in Fail as those of a rollback do. Only a ladder that somebody answered, or nobody needed, succeeds.
 */
export function compileLadder(
  plan: Plan,
  { escalate, partition = "aws" }: { escalate: string; partition?: string },
): Machine {
  const ladder = plan.escalation;
  if (!ladder) throw new Error(`The plan of ${plan.service} has no escalation. Nothing was compiled.`);
  const { rungs, repeat } = ladder;
  const dues = rungs.map(({ after }) => seconds(after));
  const every = seconds(repeat.every);
  const lastDue = dues.at(-1)!;
  const notRestoredAfter = seconds(ladder.notRestoredAfter);
  const retry = readRetry();
  const ofRung = rungs.map((rung, index) => rungName(index, whoOf(rung)));
  const enter = (index: number) => (dues[index] === 0 ? ofRung[index]! : `Wait for rung ${index + 1}`);
  const afterRungs = repeat.times > 0 ? NAMES.waitRepeat : NAMES.nobody;

  const ask = (payload: Payload<EscalateEvent>, next: string, assign: Assign = {}): Task => ({
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Arguments: { FunctionName: escalate, Payload: payload },
    TimeoutSeconds: TASK_SECONDS.handler,
    Retry: retry,
    Assign: {
      answer:
        '{% {"over": $states.result.Payload.over = true, "note": $exists($states.result.Payload.note) ? $states.result.Payload.note : ""} %}',
      ...assign,
    },
    Output: "{% $states.result.Payload %}",
    Next: next,
    Catch: goOn(next, assign),
  });
  /** A rung that could not be carried out is as one that nobody answered. */
  const goOn = (next: string, assign: Assign): Catcher[] =>
    ["States.DataLimitExceeded", "States.ALL"].map((error) => ({
      ErrorEquals: [error],
      Next: next,
      Assign: { answer: { over: false, note: "this rung could not be carried out" }, ...assign },
      Output: {},
    }));
  const answered = (next: string): Choice => ({
    Type: "Choice",
    Choices: [{ Condition: "{% $answer.over %}", Next: NAMES.over }],
    Default: next,
    Output: {},
  });

  const states: Record<string, State> = {
    [NAMES.begin]: {
      Type: "Pass",
      Assign: {
        given: ladderInput(plan.service, EXECUTION),
        calledAt: `{% $toMillis(${EXECUTION}.StartTime) %}`,
        repeats: 0,
        answer: { over: false, note: "not asked yet" },
      },
      Output: {},
      Next: NAMES.cause,
    },
    [NAMES.cause]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $given.cause = "not-restored" %}', Next: NAMES.restoring },
        // Somebody stopped a dry run: nothing was changed.
        {
          Condition: '{% $given.cause in ["cut-short", "redeploy"] and $given.run.dryRun %}',
          Next: NAMES.notNeeded,
        },
      ],
      Default: enter(0),
      Output: {},
    },
    [NAMES.restoring]: {
      Type: "Wait",
      Timestamp: `{% $fromMillis($toMillis($given.run.startedAt) + ${notRestoredAfter * 1000}) %}`,
      Output: {},
      Next: NAMES.look,
    },
    [NAMES.look]: ask(
      payload("look", {
        rung: 0,
        of: rungs.length,
        afterSeconds: 0,
        nextSeconds: dues[0]!,
        last: false,
      }),
      NAMES.needed,
    ),
    [NAMES.needed]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $answer.over %}", Next: NAMES.notNeeded }],
      Default: NAMES.late,
      Output: {},
    },
    [NAMES.late]: {
      Type: "Pass",
      Assign: { calledAt: `{% $toMillis(${ENTERED}) %}` },
      Output: {},
      Next: enter(0),
    },
    [NAMES.notNeeded]: {
      Type: "Succeed",
      Output: { outcome: "not needed", run: "{% $given.run.id %}", note: "{% $answer.note %}" },
    },
    [NAMES.over]: {
      Type: "Succeed",
      Output: { outcome: "over", run: "{% $given.run.id %}", note: "{% $answer.note %}" },
    },
    [NAMES.nobody]: {
      Type: "Fail",
      Error: "NobodyAcknowledged",
      Cause: `{% "Nobody acknowledged run " & $given.run.id & " of ${plan.service}; every rung was called, and nobody is called any more." %}`,
    },
  };
  for (const [index, name] of ofRung.entries()) {
    const next = index + 1 < rungs.length ? enter(index + 1) : afterRungs;
    const question = `Answered at rung ${index + 1}?`;
    if (dues[index] !== 0)
      states[`Wait for rung ${index + 1}`] = {
        Type: "Wait",
        Timestamp: `{% $fromMillis($calledAt + ${dues[index]! * 1000}) %}`,
        Output: {},
        Next: name,
      };
    const last = index + 1 === rungs.length && repeat.times === 0;
    states[name] = ask(
      {
        ...payload("rung", {
          rung: index + 1,
          of: rungs.length,
          afterSeconds: dues[index]!,
          nextSeconds: (dues[index + 1] ?? lastDue + every) - dues[index]!,
          last,
        }),
        tell: constant(tellOfRung(plan, index)) as never,
      },
      question,
    );
    states[question] = answered(next);
  }
  if (repeat.times > 0) {
    states[NAMES.waitRepeat] = {
      Type: "Wait",
      Timestamp: `{% $fromMillis($calledAt + ${lastDue * 1000} + ($repeats + 1) * ${every * 1000}) %}`,
      Output: {},
      Next: NAMES.repeat,
    };
    states[NAMES.repeat] = ask(
      {
        ...payload("rung", {
          rung: `{% ${rungs.length} + $repeats + 1 %}`,
          of: rungs.length,
          afterSeconds: `{% ${lastDue} + ($repeats + 1) * ${every} %}`,
          nextSeconds: every,
          last: `{% $repeats + 1 >= ${repeat.times} %}`,
        }),
        tell: constant(tellOfRung(plan, rungs.length - 1)) as never,
      },
      NAMES.repeated,
      { repeats: "{% $repeats + 1 %}" },
    );
    states[NAMES.repeated] = {
      Type: "Choice",
      Choices: [
        { Condition: "{% $answer.over %}", Next: NAMES.over },
        { Condition: `{% $repeats >= ${repeat.times} %}`, Next: NAMES.nobody },
      ],
      Default: NAMES.waitRepeat,
      Output: {},
    };
  }
  const calls = 1 + rungs.length + repeat.times;
  return {
    Comment: `Escalation of ${plan.service}: ${rungs.length} rungs, the last one up to ${repeat.times} times more`,
    QueryLanguage: "JSONata",
    StartAt: NAMES.begin,
    TimeoutSeconds: Math.ceil(
      (notRestoredAfter + lastDue + repeat.times * every + calls * taskBound(TASK_SECONDS.handler, retry)) *
        MARGIN,
    ),
    States: states,
  };
}

/** What each call carries: what the run knew when it called, and where the ladder stands. */
function payload(
  verb: "look" | "rung",
  at: {
    rung: number | string;
    of: number;
    afterSeconds: number | string;
    nextSeconds: number;
    last: boolean | string;
  },
): Payload<EscalateEvent> {
  return {
    verb,
    moment: "escalated",
    escalation: {
      cause: "{% $given.cause %}",
      ladder: `{% ${EXECUTION}.Name %}`,
      calledAt: "{% $fromMillis($calledAt) %}",
      ...at,
    } as never,
    run: "{% $given.run %}",
    admission: null,
    decision: "{% $given.decision %}",
    changes: "{% $given.changes %}",
    checks: "{% $given.checks %}",
    watch: "{% $given.watch %}",
    failure: "{% $given.failure %}",
    reverts: "{% $given.reverts %}",
    report: "{% $given.report %}",
  };
}
