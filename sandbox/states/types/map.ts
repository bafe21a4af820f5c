import { randomUUID } from "node:crypto";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Machine } from "../asl.ts";
import { StateFailure, Stopped } from "../failure.ts";
import { type Frame, Run, type RunOptions, type StateHandler } from "../frame.ts";
import { EvaluationFailure, expressionIn, typeName } from "../jsonata.ts";
import { itemsOf, selectItem } from "../jsonpath/state-fields.ts";
import { linkedAbort } from "../linked-abort.ts";
import { Scope } from "../scope.ts";
import { asFailure, Visit } from "../visit.ts";

const EXCEEDED = [
  "States.ExceedToleratedFailureThreshold",
  "The specified tolerated failure threshold was exceeded",
] as const;

/** A child's events are its own: nobody listens, and a redrive of the parent is not its own. */
const childOf = ({ options: { onEvent: _, redrive: __, ...options } }: Run): RunOptions => options;

/** Runs its processor for each item, some at a time. A distributed map's children run here too. */
export const map: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  const processor = (state.ItemProcessor ?? state.Iterator) as Machine & {
    ProcessorConfig?: { Mode?: string };
  };
  const distributed = processor.ProcessorConfig?.Mode === "DISTRIBUTED";
  return visit.attempt(
    async () => {
      const items = await itemsFor(visit);
      const most = (await visit.number("MaxConcurrency", "MaxConcurrencyPath")) || 40;
      const tolerated = await toleratedFailures(visit, items.length);
      const inputs: unknown[] = [];
      for (const [Index, Value] of items.entries()) inputs.push(await selected(visit, Index, Value));
      visit.add("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
      const work = () => iterate(items, inputs, most, tolerated);
      const result = await (distributed ? mapRun(work) : work());
      visit.addAside("MapStateSucceeded");
      return visit.exit({ next: visit.next, result, hasResult: true });
    },
    () => visit.add("MapStateFailed"),
  );

  async function iterate(
    items: unknown[],
    inputs: unknown[],
    most: number,
    tolerated: number,
  ): Promise<unknown[]> {
    const { controller, release } = linkedAbort(frame.signal);
    const results: unknown[] = new Array(items.length);
    const begun = frame.last;
    /** What the next iteration follows when they run one by one. */
    let before = begun;
    let failures = 0;
    let at = 0;
    const worker = async () => {
      while (at < items.length && !controller.signal.aborted) {
        const index = at++;
        const iteration: Frame = {
          // A distributed map's children are executions of their own: own history, no outer variables.
          ...(distributed
            ? { ...frame, run: new Run(childOf(frame.run), frame.run.branch), scope: new Scope(), last: 0 }
            : { ...frame, scope: new Scope(frame.scope), last: most === 1 ? before : begun }),
          machine: processor,
          language: processor.QueryLanguage ?? frame.language,
          map: { Item: { Index: index, Value: items[index] } },
          signal: controller.signal,
        };
        const details = { name, index };
        const add = (type: HistoryEvent["type"], given: Partial<HistoryEvent>) => {
          if (!distributed) frame.run.add(iteration, type, given);
        };
        add("MapIterationStarted", { mapIterationStartedEventDetails: details });
        try {
          results[index] = await frame.run.branch(iteration, inputs[index]);
          before = iteration.last;
          add("MapIterationSucceeded", { mapIterationSucceededEventDetails: details });
          if (!distributed) frame.last = frame.run.history.events.length;
        } catch (problem) {
          if (problem instanceof Stopped || frame.signal.aborted) throw problem;
          const last = iteration.last;
          if (controller.signal.aborted) {
            add("MapIterationAborted", { mapIterationAbortedEventDetails: details });
            return;
          }
          add("MapIterationFailed", { mapIterationFailedEventDetails: details });
          // What comes next follows the iteration's own last event, not that it failed.
          if (!distributed) frame.last = last;
          before = last;
          failures += 1;
          if (failures <= tolerated) {
            results[index] = asFailure(problem).output;
            continue;
          }
          const over = distributed || tolerated > 0 ? new StateFailure(...EXCEEDED) : problem;
          controller.abort(over);
          throw over;
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
      return results;
    } finally {
      release();
    }
  }

  /** The children of a distributed map, between the events of their map run. */
  async function mapRun(work: () => Promise<unknown[]>): Promise<unknown[]> {
    const machine = String(frame.run.options.context.StateMachine["Id"]);
    const mapRunArn = `${machine.replace(":stateMachine:", ":mapRun:")}/${randomUUID()}:${randomUUID()}`;
    visit.add("MapRunStarted", { mapRunStartedEventDetails: { mapRunArn } });
    try {
      const results = await work();
      visit.add("MapRunSucceeded");
      return results;
    } catch (problem) {
      if (problem instanceof StateFailure)
        visit.add("MapRunFailed", {
          mapRunFailedEventDetails: { error: problem.error, cause: problem.causeText },
        });
      throw problem;
    }
  }

  async function selected(of: Visit, Index: number, Value: unknown): Promise<unknown> {
    const selector = state.ItemSelector ?? (of.jsonata ? undefined : state.Parameters);
    if (selector === undefined) return Value;
    if (!of.jsonata) return selectItem(of, selector, { Index, Value });
    const context = { ...of.context, Map: { Item: { Index, Value } } };
    return of.fill(selector, "ItemSelector", { context });
  }

  async function itemsFor(of: Visit): Promise<unknown[]> {
    let items: unknown[];
    if (!of.jsonata) items = itemsOf(of);
    else if (state.Items === undefined) {
      if (!Array.isArray(input))
        throw new EvaluationFailure(
          of.place(""),
          `Map state input must be an array but was: ${JSON.stringify(input)}`,
        );
      items = input;
    } else {
      const value = await of.fill(state.Items, "Items");
      if (distributed && typeName(value) === "object")
        items = Object.entries(value as object).map(([Key, Value]) => ({ Key, Value }));
      else if (Array.isArray(value)) items = value;
      else items = (await of.fillTyped(state.Items, "Items", "array")) as unknown[];
    }
    return batched(of, items);
  }

  async function batched(of: Visit, items: unknown[]): Promise<unknown[]> {
    const batcher = state.ItemBatcher;
    if (!batcher) return items;
    const given = batcher.MaxItemsPerBatch;
    const size =
      typeof given === "string" && expressionIn(given)
        ? Number(await of.fillTyped(given, "ItemBatcher/MaxItemsPerBatch", "number"))
        : Number(given ?? items.length);
    const BatchInput =
      batcher.BatchInput === undefined
        ? undefined
        : await of.fill(batcher.BatchInput, "ItemBatcher/BatchInput");
    const batches: unknown[] = [];
    for (let from = 0; from < items.length; from += Math.max(1, size))
      batches.push({
        ...(BatchInput === undefined ? {} : { BatchInput }),
        Items: items.slice(from, from + Math.max(1, size)),
      });
    return batches;
  }

  async function toleratedFailures(of: Visit, length: number): Promise<number> {
    const count = (await of.number("ToleratedFailureCount")) ?? 0;
    const percentage = (await of.number("ToleratedFailurePercentage")) ?? 0;
    if (percentage < 0 || percentage > 100)
      throw new StateFailure(
        "States.Runtime",
        `The Map state '${name}' cannot tolerate ${percentage} percent of failures`,
      );
    return Math.max(count, Math.floor((length * percentage) / 100));
  }
};
