import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { retryable } from "../../lambdas/runtime/errors.ts";
import type { Change, ProgressAnswer, RunContext } from "../../lambdas/runtime/protocol.ts";
import { until } from "../../scenarios/until.ts";
import type { DrillBench } from "../drills/harness.ts";

/** What a function answered: its answer, or the error Step Functions would match on. */
export type Called<Answer> =
  | { answer: Answer; error?: undefined }
  | { answer?: undefined; error: FunctionError };

interface FunctionError {
  errorType: string;
  errorMessage: string;
}

/** Calls the deployed functions of one step as the state machine does, under their own roles. */
export class StepCaller {
  readonly writer: string;
  readonly reader: string;
  /** Everything that was answered, for the search for secrets. */
  readonly said: unknown[] = [];
  readonly #bench: DrillBench;
  readonly #step: { id: string; kind: string; stage: string };
  readonly #lambda: LambdaClient;

  private constructor(
    bench: DrillBench,
    step: StepCaller["step"],
    functions: { reader: string; writer: string },
  ) {
    this.#bench = bench;
    this.#step = step;
    this.#lambda = new LambdaClient(bench.sandbox.clientConfig());
    this.reader = functions.reader;
    this.writer = functions.writer;
  }

  get step() {
    return this.#step;
  }

  /** Finds a step's functions where the state machine has them. */
  static async of(bench: DrillBench, id: string, kind: string): Promise<StepCaller> {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const { definition = "{}" } = await states.send(
      new DescribeStateMachineCommand({ stateMachineArn: bench.stateMachineArn }),
    );
    const functionOf = (state: string): string => {
      const found = find(JSON.parse(definition), state);
      if (!found) throw new Error(`The state machine has no state "${state}"`);
      return found;
    };
    return new StepCaller(
      bench,
      { id, kind, stage: "contract" },
      { reader: functionOf(`Preflight ${id}`), writer: functionOf(`Apply ${id}`) },
    );
  }

  /** A run of its own that holds the service's lock, so that `apply` may change something. */
  async run(options: Partial<RunContext> = {}): Promise<RunContext> {
    const { clock } = this.#bench.sandbox.world;
    const now = new Date(clock.now()).toISOString();
    runs += 1;
    const run: RunContext = {
      id: `contract-${this.#step.id}-${runs}`,
      service: this.#bench.service,
      startedAt: now,
      generation: runs,
      dryRun: false,
      reason: "contract suite",
      trigger: { type: "manual", by: "contract suite" },
      plan: "0".repeat(16),
      ...options,
    };
    await this.put({
      sk: { S: "LOCK" },
      runId: { S: run.id },
      generation: { N: String(run.generation) },
      state: { S: "running" },
      since: { S: now },
    });
    return run;
  }

  /** Puts a row into the service's partition of the table. */
  async put(item: Record<string, { S: string } | { N: string }>): Promise<void> {
    await new DynamoDBClient(this.#bench.sandbox.clientConfig()).send(
      new PutItemCommand({
        TableName: `${this.#bench.service}-watchdog`,
        Item: { pk: { S: `service#${this.#bench.service}` }, ...item },
      }),
    );
  }

  preflight(run: RunContext, input: unknown): Promise<Called<{ change: Change }>> {
    return this.#invoke(this.reader, { verb: "preflight", run, input });
  }

  change(verb: "apply" | "revert", run: RunContext, input: unknown, change: Change) {
    return this.#invoke<ProgressAnswer>(this.writer, { verb, run, input, change });
  }

  /** Polls once, and gives the poll's own error where it has one. */
  poll(phase: "apply" | "revert", run: RunContext, input: unknown, change: Change) {
    return this.#invoke<ProgressAnswer>(this.reader, {
      verb: "poll",
      phase,
      run,
      input,
      change,
      progress: null,
    });
  }

  /** Polls until the phase is done, and applies again when a poll asks for it. Throws what a poll threw. */
  async wait(
    phase: "apply" | "revert",
    run: RunContext,
    input: unknown,
    change: Change,
    begun: ProgressAnswer,
  ): Promise<ProgressAnswer> {
    let last = begun;
    await until(`${phase} of ${this.#step.id}`, async () => {
      if (last.done) return true;
      const polled = await this.#invoke<ProgressAnswer>(this.reader, {
        verb: "poll",
        phase,
        run,
        input,
        change,
        progress: last.progress ?? null,
      });
      last = answerOf(polled);
      if (last.again) last = answerOf(await this.change(phase, run, input, change));
      return last.done;
    });
    return last;
  }

  /** Calls a changing verb, again where the engine would, and waits until it is done. */
  async complete(verb: "apply" | "revert", run: RunContext, input: unknown, change: Change) {
    let called = await this.change(verb, run, input, change);
    await until(`${verb} of ${this.#step.id} to be taken`, async () => {
      if (!called.error || !retryable.changes.includes(called.error.errorType)) return true;
      called = await this.change(verb, run, input, change);
      return false;
    });
    return this.wait(verb, run, input, change, answerOf(called));
  }

  async #invoke<Answer>(FunctionName: string, event: object): Promise<Called<Answer>> {
    const { Payload, FunctionError: failed } = await this.#lambda.send(
      new InvokeCommand({
        FunctionName,
        Payload: new TextEncoder().encode(JSON.stringify({ ...event, step: this.#step })),
      }),
    );
    const value = JSON.parse(new TextDecoder().decode(Payload));
    this.said.push(value);
    return failed ? { error: value } : { answer: value };
  }
}

let runs = 0;

/** The answer of a call that must have one. */
export function answerOf<Answer>(called: Called<Answer>): Answer {
  if (called.error) throw new Error(`${called.error.errorType}: ${called.error.errorMessage}`);
  return called.answer;
}

/** The function that a state of this name calls, wherever the state is nested. */
function find(machine: unknown, state: string): string | undefined {
  if (typeof machine !== "object" || machine === null) return undefined;
  const states = (machine as { States?: Record<string, { Arguments?: { FunctionName?: string } }> }).States;
  if (states?.[state]) return states[state].Arguments?.FunctionName;
  for (const each of Object.values(machine)) {
    const found = find(each, state);
    if (found) return found;
  }
  return undefined;
}
