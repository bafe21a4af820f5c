import type { ListRulesCommandInput, ListRulesCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleAnswer } from "./answers.ts";
import { page } from "./paging.ts";
import { busNamed } from "./state.ts";

/** Rules of a bus, by name. */
export const ListRules = operation<ListRulesCommandInput, Omit<ListRulesCommandOutput, "$metadata">>({
  authorize: () => [{ action: "events:ListRules", resources: ["*"] }],
  run: (input, { world }) => {
    const found = [...busNamed(world, input.EventBusName).rules.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const { items, next } = page(found, input);
    return { Rules: items.map(ruleAnswer), ...next };
  },
});
