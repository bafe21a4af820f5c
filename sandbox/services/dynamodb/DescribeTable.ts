import type { DescribeTableCommandInput, DescribeTableOutput } from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { onTable } from "./authorize.ts";
import { describe } from "./description.ts";
import { ask, exclusively } from "./engine.ts";

/** One table: keys, indexes, status, settings. */
export const DescribeTable = operation<DescribeTableCommandInput, DescribeTableOutput>({
  authorize: (input, call) => [onTable("DescribeTable", call, input.TableName)],
  run: (input, { world }) =>
    exclusively(world, async () => ({
      Table: describe(world, (await ask<DescribeTableOutput>(world, "DescribeTable", input)).Table),
    })),
});
