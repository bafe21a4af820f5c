import type { UpdateTableCommandInput, UpdateTableOutput } from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { describe } from "./description.ts";
import { ask, exclusively } from "./engine.ts";
import { mustExist, settingsOf } from "./settings.ts";

/** Changes a table's throughput, indexes or deletion protection. */
export const UpdateTable = operation<UpdateTableCommandInput, UpdateTableOutput>({
  authorize: (input, call) => [onTable("UpdateTable", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => {
      const { DeletionProtectionEnabled, SSESpecification, ...rest } = input;
      await mustExist(world, tableName(input.TableName));
      const settings = settingsOf(world, tableName(input.TableName));
      if (DeletionProtectionEnabled !== undefined) settings.deletionProtection = DeletionProtectionEnabled;
      if (SSESpecification)
        settings.encryption = {
          enabled: SSESpecification.Enabled ?? false,
          type: SSESpecification.SSEType ?? "KMS",
        };
      const updated =
        Object.keys(rest).length > 1
          ? (await ask<UpdateTableOutput>(world, "UpdateTable", rest)).TableDescription
          : (
              await ask<{ Table: UpdateTableOutput["TableDescription"] }>(world, "DescribeTable", {
                TableName: input.TableName,
              })
            ).Table;
      return { TableDescription: describe(world, updated) };
    }),
});
