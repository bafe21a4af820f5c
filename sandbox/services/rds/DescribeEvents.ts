import type { DescribeEventsCommandInput, DescribeEventsCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { rdsState } from "./state.ts";

/** What happened, oldest first. */
export const DescribeEvents = operation<
  DescribeEventsCommandInput,
  Omit<DescribeEventsCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "rds:DescribeEvents", resources: ["*"] }],
  run: (input, { world }) => ({
    Events: rdsState(world).events.filter(
      (event) =>
        (!input.SourceIdentifier || event.SourceIdentifier === input.SourceIdentifier) &&
        (!input.SourceType || event.SourceType === input.SourceType) &&
        (!input.StartTime || event.Date! >= input.StartTime),
    ),
  }),
});
