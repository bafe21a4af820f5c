import type { EndedRun, Expectation } from "../scenario.ts";
import type { Answered, Target } from "./load.ts";
import type { ClusterWorld } from "./world.ts";

/** One way in which the lab deploys, with the workload that is deployed so: what a level of the plan takes back. */
export interface Level {
  /** As the plan names it. */
  name: string;
  workload: string;
  /** What this machine lacks to drill it, and how it is got; undefined when nothing is missing. */
  missing?(): string | undefined;
  /** Deploys the workload's good version. */
  prepare(world: ClusterWorld): Promise<PreparedLevel>;
}

export interface PreparedLevel {
  target: Target;
  /** Deploys the bad version, and says in words what it did. */
  release(): Promise<string[]>;
  /** Compares the cluster and what users were answered with the truth. */
  expectations(run: EndedRun, measured: Measured): Promise<Expectation[]>;
}

/** What this workload's users were answered. */
export interface Measured {
  /** From the release to the end of the run. */
  all: Answered[];
  /** Sent after the run's verification had begun. */
  after: Answered[];
}
