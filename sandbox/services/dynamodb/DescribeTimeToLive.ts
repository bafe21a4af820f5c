import type { DescribeTimeToLiveCommandInput, DescribeTimeToLiveOutput } from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { exclusively } from "./engine.ts";
import { mustExist, settingsOf } from "./settings.ts";

/** A table's time-to-live setting. */
export const DescribeTimeToLive = operation<DescribeTimeToLiveCommandInput, DescribeTimeToLiveOutput>({
  authorize: (input, call) => [onTable("DescribeTimeToLive", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => {
      await mustExist(world, tableName(input.TableName));
      const setting = settingsOf(world, tableName(input.TableName)).timeToLive;
      return {
        TimeToLiveDescription: setting?.Enabled
          ? { TimeToLiveStatus: "ENABLED", AttributeName: setting.AttributeName }
          : { TimeToLiveStatus: "DISABLED" },
      };
    }),
});
