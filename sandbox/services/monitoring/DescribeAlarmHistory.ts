import type {
  DescribeAlarmHistoryCommandInput,
  DescribeAlarmHistoryCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { page } from "./paging.ts";
import { alarmArn, alarmsState } from "./state.ts";

/** History of alarms, also of deleted ones, newest first unless asked otherwise. */
export const DescribeAlarmHistory = operation<
  DescribeAlarmHistoryCommandInput,
  Omit<DescribeAlarmHistoryCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "cloudwatch:DescribeAlarmHistory", resources: [alarmArn(world, input.AlarmName ?? "*")] },
  ],
  run: (input, { world }) => {
    const types: string[] = input.AlarmTypes?.length
      ? input.AlarmTypes
      : input.AlarmName
        ? []
        : ["MetricAlarm"];
    const found = alarmsState(world).history.filter(
      (item) =>
        (input.AlarmName === undefined || item.alarm === input.AlarmName) &&
        (input.HistoryItemType === undefined || item.type === input.HistoryItemType) &&
        (types.length === 0 || types.includes(item.kind)) &&
        (input.StartDate === undefined || item.at >= input.StartDate.getTime()) &&
        (input.EndDate === undefined || item.at <= input.EndDate.getTime()),
    );
    const ordered = input.ScanBy === "TimestampAscending" ? found : found.toReversed();
    const { items, NextToken } = page(ordered, input.MaxRecords ?? 50, input.NextToken);
    return {
      AlarmHistoryItems: items.map((item) => ({
        AlarmName: item.alarm,
        AlarmType: item.kind,
        Timestamp: new Date(item.at),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      ...(NextToken ? { NextToken } : {}),
    };
  },
});
