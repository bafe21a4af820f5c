import type { AnnounceEvent, RampNotice } from "../runtime/protocol.ts";
import { changes, checks, footer, type Message, message, part } from "./layout.ts";
import { callLines } from "./planned.ts";
import { outlineLines, span } from "./ramp-outline.ts";

/** A ramp: its beginning, each step, a sign of life at least once a day, the way back, and its end. */
export function redeploy(event: AnnounceEvent): Message {
  const { service } = event.run;
  const ramp = event.ramp;
  // Not even which step: whatever there is to see is in the execution.
  if (!ramp)
    return message(`[${service}] redeploy: look at ${event.run.id}`, [
      ...part("What to do now", [`Look at the service: watchdog status ${service}`]),
      ...footer(event),
    ]);
  const { title, lines, now } = SAYS[ramp.phase](ramp, service);
  return message(`[${service}] ${title}`, [
    ...lines,
    "",
    ...part(WHY[ramp.phase] ?? "Why", ramp.because === "" ? [] : [ramp.because]),
    ...(event.approval ? part("Approval", [`${event.approval.outcome}: ${event.approval.because}`]) : []),
    ...changes(event, CHANGES[ramp.phase] ?? "Changed (before -> after)"),
    ...(ramp.outline
      ? [
          ...part(
            "Would call, in this order",
            (event.planned?.steps ?? []).flatMap(({ step, calls }) =>
              callLines(step, calls, event.planned?.unknown ?? ""),
            ),
          ),
          ...outlineLines(ramp.outline, event.planned ?? null).flatMap(([title, lines]) =>
            part(title, lines),
          ),
        ]
      : []),
    ...part(
      "NOT taken back",
      event.reverts.filter(({ reverted }) => !reverted).map(({ step, note }) => `${step}: ${note}`),
    ),
    ...checks(event),
    ...part("What you can do", now),
    ...footer(event),
    ...(ramp.ending === "" ? [] : [`Outcome: ${ramp.ending}.`]),
  ]);
}

interface Said {
  title: string;
  lines: string[];
  now: string[];
}

const WHY: Partial<Record<RampNotice["phase"], string>> = { "dry-run": "A ramp would be refused now" };

const CHANGES: Partial<Record<RampNotice["phase"], string>> = {
  "dry-run": "Would change (before -> after, each as things are now)",
  asked: "Would change (before -> after)",
  started: "Will change (before -> after, each as things are now)",
  back: "Taken back (before -> after, as it had been changed)",
};

const STOP = (service: string) => [
  "Nothing has to be done. The first criterion that fires takes it back a step, and you are told.",
  `To stop before any further change: watchdog freeze ${service} --until <time>`,
];

const SAYS: Record<RampNotice["phase"], (ramp: RampNotice, service: string) => Said> = {
  "dry-run": ({ version, of }, service) => ({
    title: `dry run: how ${version} would go out again, in ${of} steps`,
    lines: [`A dry run of the redeploy of ${version} of ${service} ended. Nothing was changed.`],
    now: [`To begin it: watchdog redeploy ${service} --version ${version}`],
  }),
  asked: ({ version, step, next }, service) => ({
    title: `${version} waits for an approval${next === "" ? "" : ` of ${next}`}`,
    lines: [
      `${version} of ${service} waits at ${step} for an approval of ${next === "" ? "the whole redeploy" : next}. The approvers have links of their own; without an answer it stays where it is.`,
    ],
    now: STOP(service),
  }),
  started: ({ version, of, next }, service) => ({
    title: `${version} goes out again, in ${of} steps`,
    lines: [`${version} of ${service} goes out again in ${of} steps. The first one is ${next}.`],
    now: STOP(service),
  }),
  step: ({ version, step, number, of, holdSeconds, next }, service) => ({
    title: `${version} is at ${step} (step ${number} of ${of})`,
    lines: [
      `${version} is at ${step}: step ${number} of ${of}. It is measured for ${span(holdSeconds)}; then comes ${next}.`,
    ],
    now: STOP(service),
  }),
  progress: ({ version, step, number, of, heldSeconds, holdSeconds, next }, service) => ({
    title: `${version} holds at ${step} for ${span(heldSeconds)} of ${span(holdSeconds)}`,
    lines: [
      `${version} is at ${step}, step ${number} of ${of}, and has been well there for ${span(heldSeconds)} of ${span(holdSeconds)}; then comes ${next}.`,
    ],
    now: STOP(service),
  }),
  back: ({ version, step, next }, service) => ({
    title: `${version} did not hold at ${step}: BACK AT ${next.toUpperCase()}`,
    lines: [
      `${version} of ${service} did not hold at ${step} and was taken back to ${next}. An alarm that still rings after the time to settle begins a rollback by itself.`,
    ],
    now: [
      "Find out why before it goes out again. The same version needs --fixed then.",
      `Look at the service now: watchdog status ${service}`,
    ],
  }),
  ended: ({ version, outcome, ending, step }, service) => ({
    title: `redeploy of ${version}: ${ending}`,
    lines: [ENDED[outcome === "" ? "failed" : outcome](version, step)],
    now:
      outcome === "redeployed"
        ? ["Tell whoever waits for it, and note what was learned."]
        : [
            `Look at the service: watchdog status ${service}`,
            `When the cause is gone: watchdog redeploy ${service} --version <version>`,
          ],
  }),
};

const ENDED: Record<Exclude<RampNotice["outcome"], "">, (version: string, step: string) => string> = {
  redeployed: (version) => `${version} is out for everybody, and was well at every step.`,
  back: (version, step) => `${version} was taken back from ${step} and goes no further by itself.`,
  overtaken: (version) =>
    `A rollback began or failed of late, so the redeploy of ${version} is over. What is out now is what the rollback leaves.`,
  replaced: (version, step) =>
    `Another version was deployed, so the redeploy of ${version} is over. It changes nothing more, and what it had brought out stays: ${step}. A person has to say whether that is right for the other version.`,
  rejected: (version, step) =>
    `An approver said no, so the redeploy of ${version} is over. It stays where it is: ${step}.`,
  held: (version, step) =>
    `Nobody approved in time, so the redeploy of ${version} is over. It stays where it is: ${step}.`,
  "dry-run": (version) => `The redeploy of ${version} was a dry run. Nothing was changed.`,
  frozen: (version, step) =>
    `A person froze the automation, so the redeploy of ${version} is over. It stays where it is: ${step}.`,
  failed: (version, step) =>
    `The redeploy of ${version} could not go on and needs a person. It was at ${step}; see below what was tried.`,
  refused: (version) => `The redeploy of ${version} was refused. Nothing was changed.`,
};
