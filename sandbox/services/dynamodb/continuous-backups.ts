import type { ContinuousBackupsDescription } from "@aws-sdk/client-dynamodb";
import type { World } from "../../world.ts";
import { settingsOf } from "./settings.ts";

const FIVE_MINUTES = 300_000;
const DAY = 86_400_000;

/** What DynamoDB says of a table's point-in-time recovery. */
export function continuousBackups(world: World, table: string): ContinuousBackupsDescription {
  const setting = settingsOf(world, table).pointInTimeRecovery;
  if (!setting?.PointInTimeRecoveryEnabled)
    return {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    };
  const now = world.clock.now();
  const days = setting.RecoveryPeriodInDays ?? 35;
  return {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: days,
      EarliestRestorableDateTime: new Date(Math.max(setting.enabledAt, now - days * DAY)),
      LatestRestorableDateTime: new Date(Math.max(setting.enabledAt, now - FIVE_MINUTES)),
    },
  };
}
