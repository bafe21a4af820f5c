import type { TransactWriteItemsCommandInput, TransactWriteItemsOutput } from "@aws-sdk/client-dynamodb";
import { type Authorization, operation, ServiceException } from "../../service.ts";
import { stateOf } from "../../world.ts";
import { leadingKey, onTable, tableName } from "./authorize.ts";
import { exclusively } from "./engine.ts";
import { settingsOf } from "./settings.ts";
import { partsOf, write } from "./transaction.ts";

const ACTIONS = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
} as const;
const TOKEN_LIFETIME = 600_000;

/** Client tokens of done transactions, with the request they stood for; each is remembered for ten minutes. */
const doneTokens = stateOf(() => new Map<string, { request: string; at: number }>());

/** Up to 100 writes and checks, all or none. */
export const TransactWriteItems = operation<TransactWriteItemsCommandInput, TransactWriteItemsOutput>({
  authorize: (input, call) =>
    (input.TransactItems ?? []).flatMap((item) =>
      Object.entries(item).flatMap(([kind, part]): Authorization[] => {
        const key = (part.Key ?? part.Item) as Record<string, unknown> | undefined;
        const hashKey = settingsOf(call.world, tableName(part.TableName)).hashKey;
        return [
          onTable(ACTIONS[kind as keyof typeof ACTIONS], call, part.TableName, leadingKey(key, hashKey)),
        ];
      }),
    ),
  run: (input, { world }) =>
    exclusively(world, async () => {
      const tokens = doneTokens(world);
      const request = JSON.stringify(input.TransactItems);
      const token = input.ClientRequestToken;
      const before = token ? tokens.get(token) : undefined;
      if (before && world.clock.now() - before.at < TOKEN_LIFETIME) {
        if (before.request === request) return {};
        throw new ServiceException(
          "IdempotentParameterMismatchException",
          "The provided client token was already used with different request parameters",
        );
      }
      await write(world, await partsOf(world, input.TransactItems ?? []));
      if (token) tokens.set(token, { request, at: world.clock.now() });
      return {};
    }),
});
