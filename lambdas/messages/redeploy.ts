import type { AnnounceEvent, RampNotice } from "../runtime/protocol.ts";
import { changes, checks, footer, type Message, message, part } from "./layout.ts";

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
    ...part("Why", ramp.because === "" ? [] : [ramp.because]),
    ...changes(
      event,
      ramp.phase === "back"
        ? "Taken back (before -> after, as it had been changed)"
        : "Changed (before -> after)",
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

const STOP = (service: string) => [
  "Nothing has to be done. The first criterion that fires takes it back a step, and you are told.",
  `To stop before any further change: watchdog freeze ${service} --until <time>`,
];

const SAYS: Record<RampNotice["phase"], (ramp: RampNotice, service: string) => Said> = {
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
    `A rollback began, so the redeploy of ${version} is over. What is out now is what the rollback leaves.`,
  frozen: (version, step) =>
    `A person froze the automation, so the redeploy of ${version} is over. It stays where it is: ${step}.`,
  failed: (version, step) =>
    `The redeploy of ${version} could not go on and needs a person. It was at ${step}; see below what was tried.`,
  refused: (version) => `The redeploy of ${version} was refused. Nothing was changed.`,
};

/** Whole hours or minutes, as plans have them. */
function span(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
}
