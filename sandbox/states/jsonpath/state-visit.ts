import type { State } from "../asl.ts";
import type { Frame } from "../frame.ts";

/** What the JSONPath fields of a state are evaluated with: one visit of it. */
export interface StateVisit {
  readonly frame: Frame;
  readonly name: string;
  readonly state: State;
  readonly input: unknown;
  /** Id of its Entered event. */
  readonly enteredAt: number;
  /** The context object. */
  readonly context: Record<string, unknown>;
  /** The input as InputPath and Parameters leave it. */
  readonly pathInput: unknown;
}
