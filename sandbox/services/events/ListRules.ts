import type { ListRulesCommandInput, ListRulesCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleAnswer } from "./answers.ts";
import { busNamed } from "./state.ts";

/** Rules of a bus. */
export const ListRules = operation<ListRulesCommandInput, Omit<ListRulesCommandOutput, "$metadata">>({
  authorize: () => [{ action: "events:ListRules", resources: ["*"] }],
  run: (input, { world }) => ({
    Rules: [...busNamed(world, input.EventBusName).rules.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
      .map(ruleAnswer),
  }),
});
