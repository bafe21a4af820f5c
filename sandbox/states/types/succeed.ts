import type { StateHandler } from "../frame.ts";
import { Visit } from "../visit.ts";

/** Ends its machine or branch. */
export const succeed: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  return visit.attempt(() => visit.exit({ next: undefined }));
};
