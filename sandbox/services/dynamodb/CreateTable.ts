import type { CreateTableCommandInput, CreateTableOutput } from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { describe } from "./description.ts";
import { ask, exclusively } from "./engine.ts";
import { settingsOf } from "./settings.ts";

/** Makes a table; it is ACTIVE at once after CREATING was answered. */
export const CreateTable = operation<CreateTableCommandInput, CreateTableOutput>({
  authorize: (input, call) => [
    onTable("CreateTable", call, input.TableName),
    ...(input.Tags?.length ? [onTable("TagResource", call, input.TableName)] : []),
  ],
  run: (input, { world }) =>
    exclusively(world, async () => {
      // What dynalite has no place for is kept beside it.
      const {
        Tags,
        SSESpecification,
        DeletionProtectionEnabled,
        TableClass,
        ResourcePolicy,
        StreamSpecification,
        ...table
      } = input;
      if (StreamSpecification?.StreamEnabled)
        world.warnOnce("DynamoDB streams are not delivered by the sandbox");
      const made = await ask<CreateTableOutput>(world, "CreateTable", table);
      const settings = settingsOf(world, tableName(input.TableName));
      settings.hashKey = input.KeySchema?.find((each) => each.KeyType === "HASH")?.AttributeName ?? "";
      settings.deletionProtection = DeletionProtectionEnabled ?? false;
      if (SSESpecification?.Enabled)
        settings.encryption = {
          enabled: true,
          type: SSESpecification.SSEType ?? "KMS",
          keyArn: SSESpecification.KMSMasterKeyId ?? "",
        };
      if (Tags?.length)
        await ask(world, "TagResource", { ResourceArn: made.TableDescription?.TableArn, Tags });
      return { TableDescription: describe(world, made.TableDescription) };
    }),
});
