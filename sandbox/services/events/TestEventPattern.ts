import type {
  TestEventPatternCommandInput,
  TestEventPatternCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { compilePattern } from "./pattern/index.ts";

const REQUIRED = ["id", "account", "source", "time", "region", "resources", "detail-type"];

/** Whether a pattern matches an event. */
export const TestEventPattern = operation<
  TestEventPatternCommandInput,
  Omit<TestEventPatternCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "events:TestEventPattern", resources: ["*"] }],
  run: (input) => {
    const matches = compilePattern(input.EventPattern!);
    const event = eventIn(input.Event ?? "");
    const missing = REQUIRED.find((name) => !(name in event));
    if (missing)
      throw new ServiceException(
        "ValidationException",
        `Parameter Event is not valid. Reason: Event is missing required key: ${missing}`,
      );
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
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw new ServiceException("ValidationException", "Parameter Event is not valid.");
  return event;
}
