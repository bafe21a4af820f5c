import type { Machine } from "../asl.ts";
import { StateFailure, Stopped } from "../failure.ts";
import type { StateHandler } from "../frame.ts";
import { EvaluationFailure, expressionIn, typeName } from "../jsonata.ts";
import { itemsOf, selectItem } from "../jsonpath/state-fields.ts";
import { linkedAbort } from "../linked-abort.ts";
import { Scope } from "../scope.ts";
import { asFailure, Visit } from "../visit.ts";

/** Runs its processor for each item, some at a time. A distributed map runs inline here, with isolated variables. */
export const map: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  return visit.attempt(
    async () => {
      const items = await itemsFor(visit);
      const most = (await visit.number("MaxConcurrency", "MaxConcurrencyPath")) || 40;
      const tolerated = await toleratedFailures(visit, items.length);
      const inputs: unknown[] = [];
      for (const [Index, Value] of items.entries()) inputs.push(await selected(visit, Index, Value));
      visit.add("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
      const result = await iterate(items, inputs, most, tolerated);
      visit.add("MapStateSucceeded");
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
    const processor = (state.ItemProcessor ?? state.Iterator) as Machine & {
      ProcessorConfig?: { Mode?: string };
    };
    const distributed = processor.ProcessorConfig?.Mode === "DISTRIBUTED";
    const { controller, release } = linkedAbort(frame.signal);
    const results: unknown[] = new Array(items.length);
    const begun = frame.last;
    let failures = 0;
    let at = 0;
    const worker = async () => {
      while (at < items.length && !controller.signal.aborted) {
        const index = at++;
        const iteration = {
          ...frame,
          machine: processor,
          language: processor.QueryLanguage ?? frame.language,
          // A distributed map's children are executions of their own and see no outer variables.
          scope: distributed ? new Scope() : new Scope(frame.scope),
          last: most === 1 ? frame.last : begun,
          map: { Item: { Index: index, Value: items[index] } },
          signal: controller.signal,
        };
        const details = { name, index };
        frame.run.add(iteration, "MapIterationStarted", { mapIterationStartedEventDetails: details });
        try {
          results[index] = await frame.run.branch(iteration, inputs[index]);
          frame.run.add(iteration, "MapIterationSucceeded", { mapIterationSucceededEventDetails: details });
        } catch (problem) {
          if (problem instanceof Stopped || frame.signal.aborted) throw problem;
          if (controller.signal.aborted) {
            frame.run.add(iteration, "MapIterationAborted", { mapIterationAbortedEventDetails: details });
            return;
          }
          frame.run.add(iteration, "MapIterationFailed", { mapIterationFailedEventDetails: details });
          failures += 1;
          if (failures <= tolerated) {
            results[index] = asFailure(problem).output;
            continue;
          }
          const over =
            tolerated > 0
              ? new StateFailure(
                  "States.ExceedToleratedFailureThreshold",
                  "The specified tolerated failure threshold was exceeded",
                )
              : problem;
          controller.abort(over);
          throw over;
        } finally {
          frame.last = frame.run.history.events.length;
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
          of.place("Items"),
          `Map state input must be an array but was: ${JSON.stringify(input)}`,
        );
      items = input;
    } else {
      const value = await of.fill(state.Items, "Items");
      const isDistributed = state.ItemProcessor?.ProcessorConfig?.Mode === "DISTRIBUTED";
      if (isDistributed && typeName(value) === "object")
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
