import type { StateHandler } from "../frame.ts";
import { Visit } from "../visit.ts";

/** Passes its input on, or what Output (JSONata) or Result and Parameters (JSONPath) make of it. */
export const pass: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  return visit.attempt(() => {
    if (visit.jsonata) return visit.exit({ next: visit.next });
    const result = state.Result === undefined ? visit.pathInput : state.Result;
    return visit.exit({ next: visit.next, result, hasResult: true });
  });
};
