import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** How fast a drill's clock runs, and what of this machine says so. */
export interface Pace {
  /** Sandbox seconds for each machine second. */
  speed: number;
  /** Machine milliseconds until a new process has loaded a client of AWS's, as a cold function does. */
  startMilliseconds: number;
}

const FASTEST = 60;
/** Slower, and a drill would be longer than anybody waits. Where the machine cannot hold this, the drill says so. */
const SLOWEST = 10;
/** What a run does before its first mail, in such starts: a dozen functions, and what they do. */
const STARTS = 16;
/** Sandbox milliseconds they may take: half of the five minutes in which somebody must have heard (invariant 17). */
const MAY_TAKE = 150_000;
/** Starts that are measured, two at a time as in a run. */
const PAIRS = 3;

/**
 * The fastest clock, up to 60, at which starting processes leaves a run the time that its promises give it. Of the
 * watchdog itself nothing is measured: one that became slower gets no slower clock. Pure.
 */
export function speedFor(startMilliseconds: number): number {
  return Math.min(FASTEST, Math.max(SLOWEST, Math.floor(MAY_TAKE / (STARTS * startMilliseconds))));
}

/** Measures how long processes take to start on this machine as it is now; half a second on an idle one. */
export async function machinePace(): Promise<Pace> {
  const source = `await import(${JSON.stringify(import.meta.resolve("@aws-sdk/client-dynamodb"))})`;
  const start = async () => {
    const begun = performance.now();
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], {
      // Without the caches that this process may have been given.
      env: { PATH: process.env["PATH"] },
    });
    return performance.now() - begun;
  };
  const taken: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) taken.push(...(await Promise.all([start(), start()])));
  const startMilliseconds = taken.reduce((total, each) => total + each, 0) / taken.length;
  return { speed: speedFor(startMilliseconds), startMilliseconds };
}

/** For the first lines of a drill. */
export function paceLine(speed: number, measured: Pace | undefined): string {
  const line = `One second here is ${speed} seconds of the drill's clock`;
  if (!measured) return `${line}.`;
  return `${line}, as many as this machine can hold: a function's process starts in ${(measured.startMilliseconds / 1000).toFixed(2)} s.`;
}
