import type { TableDescription } from "@aws-sdk/client-dynamodb";
import type { World } from "../../world.ts";
import { settingsOf } from "./settings.ts";

/** dynalite's description of a table plus the settings kept beside it. */
export function describe(world: World, table: TableDescription | undefined): TableDescription | undefined {
  if (!table?.TableName) return table;
  const { deletionProtection, encryption } = settingsOf(world, table.TableName);
  return {
    ...table,
    DeletionProtectionEnabled: deletionProtection ?? false,
    ...(encryption
      ? {
          SSEDescription: {
            Status: "ENABLED",
            SSEType: encryption.type as "KMS",
            KMSMasterKeyArn: encryption.keyArn,
          },
        }
      : {}),
  };
}
