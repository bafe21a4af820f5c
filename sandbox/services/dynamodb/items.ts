import { type Authorization, type Call, type Operation, operation } from "../../service.ts";
import { ask, exclusively } from "./engine.ts";

/** An operation that dynalite does by itself: ours are the permissions. */
export function dynaliteOperation<Input extends object, Output>(
  name: string,
  authorize: (input: Input, call: Call) => Authorization[],
): Operation<Input, Output> {
  return operation<Input, Output>({
    authorize,
    run: (input, { world }) => exclusively(world, () => ask<Output>(world, name, input)),
  });
}
