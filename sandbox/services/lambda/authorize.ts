import type { Authorization, Call } from "../../service.ts";
import { arnOf } from "./lookup.ts";

/** What most operations need: one action on the function they name. */
export function onFunction(action: string) {
  return (
    input: { FunctionName: string | undefined; Qualifier?: string },
    { world }: Call,
  ): Authorization[] => [
    { action: `lambda:${action}`, resources: [arnOf(world, input.FunctionName, input.Qualifier)] },
  ];
}
