import type { ListTaskDefinitionsCommandInput, ListTaskDefinitionsResponse } from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { ecsState } from "./state.ts";

const PAGE = 100;

/** ARNs of task definitions, of one family or of all; the oldest first unless asked otherwise. */
export const ListTaskDefinitions = operation<ListTaskDefinitionsCommandInput, ListTaskDefinitionsResponse>({
  authorize: () => [{ action: "ecs:ListTaskDefinitions", resources: ["*"] }],
  run: (input, { world }) => {
    const { families } = ecsState(world);
    const names = [...families.keys()]
      .filter((name) => input.familyPrefix === undefined || name === input.familyPrefix)
      .toSorted();
    const all = names
      .flatMap((name) => families.get(name)!)
      .filter(({ status }) => status === (input.status ?? "ACTIVE"));
    if (input.sort === "DESC") all.reverse();
    const from = Number(input.nextToken ?? 0);
    const size = input.maxResults ?? PAGE;
    return {
      taskDefinitionArns: all.slice(from, from + size).map(({ arn }) => arn),
      ...(all.length > from + size ? { nextToken: String(from + size) } : {}),
    };
  },
});
