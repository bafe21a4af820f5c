import type { Sandbox } from "../sandbox/sandbox.ts";

/** One thing a scenario expected, and what was found. A drill passes only if every one held. */
export interface Expectation {
  /** In words, for the table at the end: "every row committed before the restore point is there". */
  text: string;
  held: boolean;
  /** The figures behind it. */
  detail: string;
  /** Rows that users wrote, or had, and that are nowhere now; absent where this is about something else. */
  lost?: number;
}

/** The run as the drill saw it end. */
export interface EndedRun {
  executionArn: string;
  status: string;
  /** The state machine's output, parsed; undefined when it failed. */
  output: unknown;
  /** `$changes` of the run: step id → resolved change. */
  changes: Record<
    string,
    { before: Record<string, unknown>; after: Record<string, unknown>; summary: string }
  >;
  /** How many executions of the plan's state machine exist. */
  executions: number;
  /** When a state was first entered, sandbox time, epoch milliseconds; undefined when it never was. */
  enteredAt(state: string): number | undefined;
}

/** A running scenario: the service is up, loaded and healthy, and waits to be broken. */
export interface RunningScenario {
  /** Where a person can look at the service. */
  url: string;
  /** Starts the load and the metrics; resolves when the service is steady and its database is restorable. */
  warmUp(): Promise<void>;
  /** Announces the version that runs now, as its pipeline did when it was deployed. Call it when the stack is there. */
  announceVersion(): Promise<void>;
  /** Brings the bad release. Says in words what it did. Resolves when it is done. */
  release(): Promise<string[]>;
  /** The newest figures of the service, for the live view: "error rate 63 %, 58 requests/s". */
  figures(): { errorRate: number | undefined; requestsPerSecond: number };
  /** Compares the world with the truth that was kept aside. */
  expectations(run: EndedRun): Promise<Expectation[]>;
  /** Of a rollback that failed, since a drill broke it too: whatever it came to, nothing is lost. */
  nothingLost?(): Promise<Expectation[]>;
  /** Gives these endpoints, and no others, a defect of the program itself, which no rollback of data or keys cures. */
  spoil?(paths: string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface ScenarioOptions {
  seed: number;
  say(line: string): void;
  /** Share of the scenario's own load on its service; all of it unless given. */
  load?: number;
  /** Which of the scenario's levels is broken; its first unless given. */
  level?: string;
}

/** What is deployed, broken and expected when a plan is drilled. One folder each in `scenarios/`. */
export interface Scenario {
  /** Folder name; also the plan's file name. */
  name: string;
  /** One line: what this drill breaks and repairs. */
  summary: string;
  /** Levels of the plan that it can break, where it can break several; the first is drilled unless another is asked for. */
  levels?: string[];
  /** Makes the service's own world (database, zone, secrets, service) before the watchdog's stack is deployed. */
  prepare(sandbox: Sandbox, options: ScenarioOptions): Promise<RunningScenario>;
}
