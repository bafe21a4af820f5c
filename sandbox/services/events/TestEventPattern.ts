import type {
  TestEventPatternCommandInput,
  TestEventPatternCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { compilePattern } from "./pattern/index.ts";

const REQUIRED = ["id", "detail-type", "source", "account", "time", "region"];

/** Whether a pattern matches an event. */
export const TestEventPattern = operation<
  TestEventPatternCommandInput,
  Omit<TestEventPatternCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "events:TestEventPattern", resources: ["*"] }],
  run: (input) => {
    let event: Record<string, unknown>;
    try {
      event = JSON.parse(input.Event!) as Record<string, unknown>;
    } catch {
      throw new ServiceException("ValidationException", "Parameter Event is not valid.");
    }
    const missing = REQUIRED.find((name) => !(name in event));
    if (missing)
      throw new ServiceException(
        "ValidationException",
        `Parameter Event is not valid. Reason: Event is missing required key: ${missing}`,
      );
    return { Result: compilePattern(input.EventPattern!)(event) };
  },
});
