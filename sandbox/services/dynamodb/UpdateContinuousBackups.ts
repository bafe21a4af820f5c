import type {
  UpdateContinuousBackupsCommandInput,
  UpdateContinuousBackupsOutput,
} from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { continuousBackups } from "./continuous-backups.ts";
import { exclusively } from "./engine.ts";
import { mustExist, settingsOf } from "./settings.ts";

/** Switches point-in-time recovery. The setting is kept and answered; the sandbox restores no DynamoDB table. */
export const UpdateContinuousBackups = operation<
  UpdateContinuousBackupsCommandInput,
  UpdateContinuousBackupsOutput
>({
  authorize: (input, call) => [onTable("UpdateContinuousBackups", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => {
      const table = tableName(input.TableName);
      await mustExist(world, table);
      const before = settingsOf(world, table).pointInTimeRecovery;
      const enabledAt = before?.PointInTimeRecoveryEnabled ? before.enabledAt : world.clock.now();
      const wanted = input.PointInTimeRecoverySpecification;
      settingsOf(world, table).pointInTimeRecovery = {
        ...wanted,
        PointInTimeRecoveryEnabled: wanted?.PointInTimeRecoveryEnabled ?? false,
        enabledAt,
      };
      return { ContinuousBackupsDescription: continuousBackups(world, table) };
    }),
});
