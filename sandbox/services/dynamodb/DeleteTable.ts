import type { DeleteTableCommandInput, DeleteTableOutput } from "@aws-sdk/client-dynamodb";
import { operation, ServiceException } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { ask, exclusively } from "./engine.ts";
import { forgetSettings, settingsOf } from "./settings.ts";

/** Deletes a table, unless it is protected. */
export const DeleteTable = operation<DeleteTableCommandInput, DeleteTableOutput>({
  authorize: (input, call) => [onTable("DeleteTable", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => {
      const name = tableName(input.TableName);
      if (settingsOf(world, name).deletionProtection)
        throw new ServiceException(
          "ValidationException",
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
        );
      const deleted = await ask<DeleteTableOutput>(world, "DeleteTable", input);
      forgetSettings(world, name);
      return deleted;
    }),
});
