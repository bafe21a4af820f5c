import type {
  ValidateStateMachineDefinitionCommandInput,
  ValidateStateMachineDefinitionCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { problemsOf } from "./definition.ts";

/** Checks a definition without making anything. */
export const ValidateStateMachineDefinition = operation<
  ValidateStateMachineDefinitionCommandInput,
  Omit<ValidateStateMachineDefinitionCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "states:ValidateStateMachineDefinition", resources: ["*"] }],
  run: (input) => {
    const diagnostics = problemsOf(input.definition ?? "").map(({ message, location }) => ({
      severity: "ERROR" as const,
      code: "SCHEMA_VALIDATION_FAILED",
      message,
      location,
    }));
    return { result: diagnostics.length === 0 ? "OK" : "FAIL", diagnostics, truncated: false };
  },
});
