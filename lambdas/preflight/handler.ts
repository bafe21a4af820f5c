import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { type Message, part, subject } from "../messages/layout.ts";
import { clientSettings, once } from "../runtime/clients.ts";
import { readLock } from "../runtime/lock.ts";
import type {
  PlanCallsEvent,
  PlannedRun,
  PreflightReport,
  RehearsalBegin,
  RehearsalBeginEvent,
  RehearsalJudgeEvent,
} from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { begin } from "./begin.ts";
import { plannedRun } from "./calls.ts";
import { judge } from "./judge.ts";
import { pastTime } from "./past.ts";
import { permitted } from "./permitted.ts";
import { judgeRamp } from "./ramp.ts";
import { changed, type KnownState, known, problemLines, remember } from "./state.ts";

const sns = once(() => new SNSClient(clientSettings));

/**
 * What a dry run would have called, and both ends of the rehearsal, which runs every step's preflight with nobody in need of it: the made-up run that they
 * get, and the judgement of what they answered. People hear of it when a plan stops being executable and when it is
 * again, and not each time.
 */
export const handler = serve(
  "preflight",
  async (
    event: RehearsalBeginEvent | RehearsalJudgeEvent | PlanCallsEvent,
    { tableName, now },
  ): Promise<RehearsalBegin | PreflightReport | PlannedRun> => {
    if (event.verb === "begin") return begin(event, tableName, now());
    if (event.verb === "calls") return plannedRun(event, tableName, now());
    const { service } = event.run;
    const lock = await readLock(tableName, service);
    const kept =
      lock?.state === "kept"
        ? [
            `run ${lock.runId} failed and keeps the lock since ${lock.since}; when the cause is gone: watchdog release ${service}`,
          ]
        : [];
    const past = await pastTime(tableName, service, now());
    const permissions = await permitted(event.expected);
    const ramp = await judgeRamp(event, permissions, tableName, now());
    const report: PreflightReport = {
      ...judge(event, permissions, kept, past, now()),
      ...(ramp ? { redeploy: ramp } : {}),
    };
    const before = await known(tableName, service);
    // Told before it is remembered: a notice that fails is tried again.
    if (changed(before, report)) await tell(notice(report, before));
    await remember(tableName, report, before);
    return report;
  },
);

async function tell({ subject: Subject, text }: Message): Promise<void> {
  await sns().send(new PublishCommand({ TopicArn: process.env["TOPIC_ARN"], Subject, Message: text }));
}

/** The mail about a plan that stopped being executable, or is again. */
function notice(report: PreflightReport, before: KnownState | undefined): Message {
  const { service, executable, at, assumed } = report;
  return executable
    ? {
        subject: subject(`[${service}] the rollback could be carried out again`),
        text: [
          `The rehearsal of ${at} resolved every step of ${service}'s plan, and its roles may do what it needs.`,
          ...(before ? [`It could not be carried out since ${before.since}.`] : []),
        ].join("\n"),
      }
    : {
        subject: subject(`[${service}] the rollback could NOT be carried out now`),
        text: [
          `The rehearsal of ${at} found that a rollback of ${service} would fail. Nothing was changed, and nothing is wrong with the service itself.`,
          "",
          ...part("What is in its way", problemLines(report)),
          ...part("Assumed for the rehearsal", assumed),
          ...part("What you can do", [
            `Put it right, then: watchdog preflight with the plan of ${service}. It is tried again by itself, and you hear of it when it works.`,
          ]),
        ].join("\n"),
      };
}
