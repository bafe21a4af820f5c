import type {
  DescribeContinuousBackupsCommandInput,
  DescribeContinuousBackupsOutput,
} from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { onTable, tableName } from "./authorize.ts";
import { continuousBackups } from "./continuous-backups.ts";
import { exclusively } from "./engine.ts";
import { mustExist } from "./settings.ts";

/** Whether point-in-time recovery is on, and for which window. */
export const DescribeContinuousBackups = operation<
  DescribeContinuousBackupsCommandInput,
  DescribeContinuousBackupsOutput
>({
  authorize: (input, call) => [onTable("DescribeContinuousBackups", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => {
      await mustExist(world, tableName(input.TableName));
      return { ContinuousBackupsDescription: continuousBackups(world, tableName(input.TableName)) };
    }),
});
