import type {
  TestEventPatternCommandInput,
  TestEventPatternCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { compilePattern } from "./pattern/index.ts";

/** The page of the operation names `resources` too; AWS takes an event without them. */
const REQUIRED = ["id", "account", "source", "time", "region", "detail-type"];

const notValid = () => new ServiceException("ValidationException", "Parameter Event is not valid.");

/** Whether a pattern matches an event. */
export const TestEventPattern = operation<
  TestEventPatternCommandInput,
  Omit<TestEventPatternCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "events:TestEventPattern", resources: ["*"] }],
  run: (input) => {
    const matches = compilePattern(input.EventPattern!);
    const event = eventIn(input.Event ?? "");
    if (REQUIRED.some((name) => !(name in event))) throw notValid();
    return { Result: matches(event) };
  },
});

function eventIn(text: string): object {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    event = undefined; // refused below
  }
  if (typeof event !== "object" || event === null || Array.isArray(event)) throw notValid();
  return event;
}
