import type { UpdateTimeToLiveCommandInput, UpdateTimeToLiveOutput } from "@aws-sdk/client-dynamodb";
import { operation, ServiceException } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { exclusively } from "./engine.ts";
import { mustExist, settingsOf } from "./settings.ts";

/** Switches time to live. Expired items stay readable, as they may for days on AWS. */
export const UpdateTimeToLive = operation<UpdateTimeToLiveCommandInput, UpdateTimeToLiveOutput>({
  authorize: (input, call) => [onTable("UpdateTimeToLive", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => {
      const table = tableName(input.TableName);
      await mustExist(world, table);
      const settings = settingsOf(world, table);
      const enabled = input.TimeToLiveSpecification?.Enabled ?? false;
      if (enabled === (settings.timeToLive?.Enabled ?? false))
        throw new ServiceException(
          "ValidationException",
          `TimeToLive is already ${enabled ? "enabled" : "disabled"}`,
        );
      settings.timeToLive = input.TimeToLiveSpecification!;
      return { TimeToLiveSpecification: input.TimeToLiveSpecification };
    }),
});
