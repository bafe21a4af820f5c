import { preflightWaves } from "../plan/preflight-waves.ts";
import type { Check, Plan, Stage, Step } from "../plan/schema.ts";

/** Longest name a state may have. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_NAME = 80;

/** Names of states that every plan's workflow has. A stage of the same name gets a suffix, these never do. */
export const FIXED = {
  admit: "Admit",
  admitted: "Admitted?",
  joined: "Joined another run",
  announceRefusal: "Announce refusal",
  whyRefused: "Why refused?",
  frozen: "Frozen",
  exhausted: "Attempts exhausted",
  notAdmitted: "Not admitted",
  decide: "Decide",
  recall: "Recall the run",
  undone: "Taken back",
  act: "Act?",
  announceNotice: "Announce notice",
  releaseNotice: "Release after notice",
  notified: "Notified",
  goOn: "Go on?",
  planCalls: "Plan the calls",
  announceDryRun: "Announce dry run",
  releaseDryRun: "Release after dry run",
  dryRun: "Dry run",
  announceApproval: "Announce approval needed",
  releaseApproval: "Release for approval",
  approval: "A person must start it",
  askApproval: "Ask for approval",
  settleApproval: "Settle approval",
  approved: "Approved?",
  announceRejection: "Announce rejection",
  releaseRejected: "Release after rejection",
  rejected: "Rejected",
  announceHold: "Announce hold",
  releaseHeld: "Release after hold",
  held: "Held",
  announceStart: "Announce start",
  measureBefore: "Measure before",
  watchClock: "Watch the clock",
  callAtOnce: "Call people at once?",
  callCriterion: "Call people at once",
  verify: "Verify",
  verified: "Verified?",
  notVerified: "Not verified",
  verifyInconclusive: "Verification inconclusive",
  recover: "Give it time",
  climb: "Climb?",
  noLevelHelped: "No level helped",
  announceVerified: "Announce restored",
  settle: "Settle",
  beginWatch: "Begin watch",
  nextRound: "Wait for next round",
  watch: "Watch",
  watchOn: "Watch on?",
  announceProgress: "Announce progress",
  relapsed: "Relapsed",
  watchInconclusive: "Watch inconclusive",
  report: "Report",
  announceSuccess: "Announce success",
  release: "Release",
  rolledBack: "Rolled back",
  reportFailure: "Report failure",
  announceFailure: "Announce failure",
  call: "Call people?",
  callFailed: "Call people",
  callExhausted: "Call people for used-up attempts",
  keepLock: "Keep lock",
  failed: "Failed",
} as const;

/** Names of the states that a step becomes. */
export interface StepNames {
  preflight: string;
  apply: string;
  done: string;
  wait: string;
  poll: string;
  isDone: string;
  tookTooLong: string;
  revert: string;
  reverted: string;
  waitRevert: string;
  pollRevert: string;
}

/** Names of the states around a stage. */
interface StageNames {
  /** Where a stage is resolved by itself. */
  preflight: string;
  /** The steps side by side: the stage's own name. */
  run: string;
  runs: string;
  checks: string;
  proved: string;
  notProved: string;
  seen: string;
  compare: string;
  worse: string;
  gotWorse: string;
  revertRuns: string;
  /** Before the way back: what was begun side by side has its time to end. */
  ends: string;
  steps: StepNames[];
  /** Of each step that holds until the end of the watch: how it is taken back then. */
  restores: (RestoreNames | undefined)[];
  checkNames: string[];
}

interface RestoreNames {
  runs: string;
  states: Pick<StepNames, "revert" | "reverted" | "waitRevert" | "pollRevert">;
}

/** Every state's name: the plan's own words, each once, at most 80 characters. */
export interface Names {
  stages: StageNames[];
  /** The preflights that run side by side, and the numbers of their stages. */
  waves: { stages: number[]; preflight: string; runs: string }[];
  verify: string[];
  watch: string[];
  /** The states that begin a level, in the order of the plan's levels; the first is never used. */
  climb: string[];
}

/** Gives the states of a plan their names, none of those taken already. The same plan always gets the same ones. */
export function namesOf(plan: Plan, fixed: Record<string, string> = FIXED): Names {
  const taken = new Set<string>(Object.values(fixed));
  const unique = (wanted: string): string => {
    const clean = wanted.replace(/\p{Cc}+/gu, " ").trim();
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? "" : ` (${number})`;
      const name = `${Array.from(clean)
        .slice(0, LONGEST_NAME - suffix.length)
        .join("")}${suffix}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  // Stages first: the drill's table and people look for them under their own name.
  const own = plan.stages.map((stage) => unique(stage.name));
  const stages = plan.stages.map((stage, index) => stageNames(stage, own[index]!, unique));
  return {
    stages,
    waves: preflightWaves(plan).map((wave) => {
      const what = wave.map((index) => plan.stages[index]!.name).join(", ");
      return {
        stages: wave,
        preflight: wave.length === 1 ? stages[wave[0]!]!.preflight : unique(`Preflight: ${what}`),
        runs: unique(`Preflight of ${what}?`),
      };
    }),
    verify: plan.verify.map((check: Check) => unique(`Check ${check.id}`)),
    climb: (plan.levels ?? []).map(({ name }) => unique(`Climb to ${name}`)),
    watch: plan.watch.checks.map((check: Check) => unique(`Watch ${check.id}`)),
  };
}

function stageNames(stage: Stage, run: string, unique: (wanted: string) => string): StageNames {
  return {
    preflight: unique(`Preflight: ${stage.name}`),
    run,
    runs: unique(`${stage.name}?`),
    checks: unique(`Check: ${stage.name}`),
    proved: unique(`${stage.name} proved?`),
    notProved: unique(`${stage.name} not proved`),
    seen: unique(`Let ${stage.name} be seen`),
    compare: unique(`Compare after ${stage.name}`),
    worse: unique(`Worse after ${stage.name}?`),
    gotWorse: unique(`Got worse after ${stage.name}`),
    revertRuns: unique(`Revert ${stage.name}?`),
    ends: unique(`Let ${stage.name} end`),
    steps: stage.steps.map((step) => stepNames(step, unique)),
    restores: stage.steps.map((step) => (step.until ? restoreNames(step, unique) : undefined)),
    checkNames: stage.checks.map((check) => unique(`Check ${check.id}`)),
  };
}

function restoreNames({ id }: Step, unique: (wanted: string) => string): RestoreNames {
  return {
    runs: unique(`End of ${id}?`),
    states: {
      revert: unique(`End ${id}`),
      reverted: unique(`${id} ended?`),
      waitRevert: unique(`Wait for end of ${id}`),
      pollRevert: unique(`Poll end of ${id}`),
    },
  };
}

function stepNames({ id }: Step, unique: (wanted: string) => string): StepNames {
  return {
    preflight: unique(`Preflight ${id}`),
    apply: unique(`Apply ${id}`),
    done: unique(`${id} done?`),
    wait: unique(`Wait ${id}`),
    poll: unique(`Poll ${id}`),
    isDone: unique(`${id} is done`),
    tookTooLong: unique(`${id} took too long`),
    revert: unique(`Revert ${id}`),
    reverted: unique(`${id} reverted?`),
    waitRevert: unique(`Wait for revert of ${id}`),
    pollRevert: unique(`Poll revert of ${id}`),
  };
}
