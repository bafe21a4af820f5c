import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import type { Catcher, State } from "./asl.ts";
import { matchesError, StateFailure, Stopped } from "./failure.ts";
import type { Frame, Step } from "./frame.ts";
import { EvaluationFailure, fill, fillTyped, type Place } from "./jsonata.ts";
import * as paths from "./jsonpath/state-fields.ts";
import { withinLimit } from "./limit.ts";

const RETRIABLE = new Set<State["Type"]>(["Task", "Map", "Parallel"]);

/** One visit of one state: its entry, the values its fields are evaluated with, its exit. */
export class Visit {
  readonly frame: Frame;
  readonly name: string;
  readonly state: State;
  readonly input: unknown;
  readonly jsonata: boolean;
  readonly enteredAt: number;
  /** Id of the event before the state's entry. */
  readonly #before: number;
  readonly #enteredTime: string;
  #retryCount = 0;
  token: string | undefined;

  /** Records the state's Entered event. */
  constructor(frame: Frame, name: string, state: State, input: unknown) {
    this.frame = frame;
    this.name = name;
    this.state = state;
    this.input = input;
    this.jsonata = (state.QueryLanguage ?? frame.language) === "JSONata";
    const text = JSON.stringify(input);
    withinLimit(text, "input", name);
    this.#before = frame.last;
    this.enteredAt = frame.run.add(frame, `${state.Type}StateEntered` as HistoryEventType, {
      stateEnteredEventDetails: { name, input: text, inputDetails: { truncated: false } },
    });
    this.#enteredTime = new Date(frame.run.options.clock.now()).toISOString();
  }

  add(type: HistoryEvent["type"], details?: Partial<HistoryEvent>): void {
    this.frame.run.add(this.frame, type, details);
  }

  /** Records an event that the state's next one does not follow: both follow the one before. */
  addAside(type: HistoryEvent["type"]): void {
    this.frame.run.history.add(type, this.frame.last);
  }

  get context(): Record<string, unknown> {
    // Only states that can be tried again count their retries.
    const retryCount = RETRIABLE.has(this.state.Type) ? this.#retryCount : undefined;
    return this.frame.run.context(this.frame, this.name, this.#enteredTime, retryCount, this.token);
  }

  place(field: string): Place {
    return { state: this.name, enteredAt: this.enteredAt, field };
  }

  /** `$states` and the variables, for JSONata. */
  bindings(extra: Record<string, unknown> = {}): Record<string, unknown> {
    return { ...this.frame.scope.all(), states: { input: this.input, context: this.context, ...extra } };
  }

  /** Evaluates a JSONata field. */
  fill(template: unknown, field: string, extra?: Record<string, unknown>): Promise<unknown> {
    return fill(template, this.bindings(extra), this.place(field));
  }

  /** Evaluates a JSONata field that must be of a type. */
  fillTyped(
    template: unknown,
    field: string,
    type: Parameters<typeof fillTyped>[1],
    extra?: Record<string, unknown>,
  ): Promise<unknown> {
    return fillTyped(template, type, this.bindings(extra), this.place(field));
  }

  /** The input as Parameters, InputPath leave it (JSONPath), or as it is (JSONata). */
  get pathInput(): unknown {
    return this.jsonata ? this.input : paths.inputOf(this);
  }

  /** A number field in either language; undefined when the state has none. */
  async number(field: keyof State, pathField?: keyof State): Promise<number | undefined> {
    const value = this.state[field];
    if (typeof value === "number") return value;
    if (value !== undefined && this.jsonata) return (await this.fillTyped(value, field, "number")) as number;
    const path = pathField && this.state[pathField];
    return typeof path === "string" ? paths.numberAt(this, path, String(pathField)) : undefined;
  }

  /**
   * Leaves the state: evaluates Output and Assign (or the JSONPath result fields), records the Exited event.
   * `fields` are those of the state unless a choice rule or catcher brings its own.
   */
  async exit(given: {
    next: string | undefined;
    result?: unknown;
    hasResult?: boolean;
    errorOutput?: unknown;
    fields?: { Output?: unknown; Assign?: Record<string, unknown>; ResultPath?: string | null };
    prefix?: string;
  }): Promise<Step> {
    const { state } = this;
    const fields = given.fields ?? state;
    const extra: Record<string, unknown> = {};
    if (given.errorOutput !== undefined) extra["errorOutput"] = given.errorOutput;
    else if (given.hasResult) extra["result"] = given.result;
    const prefix = given.prefix ?? "";
    let output: unknown;
    let assigned: Record<string, unknown> | undefined;
    if (this.jsonata) {
      const plain = given.errorOutput ?? (given.hasResult ? given.result : this.input);
      output = fields.Output === undefined ? plain : await this.fill(fields.Output, `${prefix}Output`, extra);
      if (fields.Assign)
        assigned = (await this.fill(fields.Assign, `${prefix}Assign`, extra)) as Record<string, unknown>;
    } else {
      const result = given.errorOutput ?? (given.hasResult ? given.result : this.pathInput);
      output =
        given.errorOutput === undefined
          ? paths.outputOf(this, result, given.hasResult ?? false)
          : paths.atResultPath(this.input, result, fields.ResultPath);
      if (fields.Assign) assigned = paths.assign(this, fields.Assign, given.errorOutput ?? result);
    }
    const text = JSON.stringify(output);
    withinLimit(text, "output", this.name);
    const variables =
      assigned && Object.keys(assigned).length > 0 ? variableTexts(assigned, this.name) : undefined;
    this.add(`${state.Type}StateExited` as HistoryEventType, {
      stateExitedEventDetails: {
        name: this.name,
        output: text,
        outputDetails: { truncated: false },
        ...(variables
          ? { assignedVariables: variables, assignedVariablesDetails: { truncated: false } }
          : {}),
      },
    });
    if (assigned) this.frame.scope.assign(assigned);
    return { output, next: given.next };
  }

  /** Where the state goes by its own Next or End. */
  get next(): string | undefined {
    return this.state.End ? undefined : this.state.Next;
  }

  /**
   * Tries `work` with the state's Retry, then its Catch. `onFailure` records the state's own failed event
   * (MapStateFailed …) before the execution goes on or ends.
   */
  async attempt(work: () => Promise<Step>, onFailure?: (failure: StateFailure) => void): Promise<Step> {
    const attempts = new Map<object, number>();
    for (;;) {
      try {
        return await work();
      } catch (problem) {
        if (problem instanceof Stopped || this.frame.signal.aborted) throw problem;
        const failure = asFailure(problem);
        this.recordEvaluation(failure);
        const delay = this.#retryDelay(failure, attempts);
        if (delay !== undefined) {
          this.#retryCount += 1;
          await this.frame.run.options.clock.sleep(delay * 1000, this.frame.signal);
          continue;
        }
        onFailure?.(failure);
        return this.#catch(failure);
      }
    }
  }

  /** Records an `EvaluationFailed` event once for a failure of a JSONata field. */
  recordEvaluation(failure: StateFailure): void {
    if (!(failure instanceof EvaluationFailure) || recorded.has(failure)) return;
    recorded.add(failure);
    // As AWS numbers it: not after the state's entry but beside it; a Wait's is after.
    const { frame } = this;
    if (frame.last === this.enteredAt && this.state.Type !== "Wait") frame.last = this.#before;
    this.add("EvaluationFailed", {
      evaluationFailedEventDetails: {
        error: failure.error,
        cause: failure.causeText,
        ...(failure.place.field === "" ? {} : { location: failure.place.field }),
        state: this.name,
      },
    });
  }

  #retryDelay(failure: StateFailure, attempts: Map<object, number>): number | undefined {
    for (const retrier of this.state.Retry ?? []) {
      if (!matchesError(retrier.ErrorEquals, failure.error)) continue;
      const made = attempts.get(retrier) ?? 0;
      if (made >= (retrier.MaxAttempts ?? 3)) return undefined;
      attempts.set(retrier, made + 1);
      const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
      const delay = Math.min(IntervalSeconds * BackoffRate ** made, MaxDelaySeconds);
      return retrier.JitterStrategy === "FULL" ? Math.random() * delay : delay;
    }
    return undefined;
  }

  async #catch(failure: StateFailure): Promise<Step> {
    const catchers: Catcher[] = this.state.Catch ?? [];
    for (const [index, catcher] of catchers.entries()) {
      if (!matchesError(catcher.ErrorEquals, failure.error)) continue;
      return this.exit({
        next: catcher.Next,
        errorOutput: failure.output,
        fields: catcher,
        prefix: `Catch[${index}]/`,
      });
    }
    throw failure;
  }
}

const recorded = new WeakSet<StateFailure>();

/** Anything thrown, as an error of the execution. */
export function asFailure(problem: unknown): StateFailure {
  if (problem instanceof StateFailure) return problem;
  const error = problem instanceof Error ? problem : new Error(String(problem));
  return new StateFailure("States.Runtime", error.message);
}

const LARGEST_VARIABLE = 262_144;

function variableTexts(assigned: Record<string, unknown>, state: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(assigned)) {
    const text = JSON.stringify(value);
    if (text.length > LARGEST_VARIABLE)
      throw new StateFailure(
        "States.DataLimitExceeded",
        `The variable '${name}' of the state '${state}' exceeds the maximum of ${LARGEST_VARIABLE} bytes`,
      );
    texts[name] = text;
  }
  return texts;
}
