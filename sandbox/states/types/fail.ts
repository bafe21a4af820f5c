import { StateFailure } from "../failure.ts";
import type { StateHandler } from "../frame.ts";
import { textAt } from "../jsonpath/state-fields.ts";
import { asFailure, Visit } from "../visit.ts";

/** Ends the execution (or makes its branch fail) with an error. */
export const fail: StateHandler = async (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  const text = async (field: "Error" | "Cause", path: string | undefined): Promise<string | undefined> => {
    const template = state[field];
    if (visit.jsonata)
      return template === undefined
        ? undefined
        : ((await visit.fillTyped(template, field, "string")) as string);
    return path === undefined ? template : textAt(visit, path, `${field}Path`);
  };
  try {
    throw new StateFailure(await text("Error", state.ErrorPath), await text("Cause", state.CausePath));
  } catch (problem) {
    const failure = asFailure(problem);
    visit.recordEvaluation(failure);
    throw failure;
  }
};
