import type { DescribeAlarmHistoryCommandInput, DescribeAlarmHistoryCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { alarmArn, alarmsState } from "./state.ts";

/** History of alarms, newest first. */
export const DescribeAlarmHistory = operation<DescribeAlarmHistoryCommandInput, Omit<DescribeAlarmHistoryCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [{ action: "cloudwatch:DescribeAlarmHistory", resources: [alarmArn(world, input.AlarmName ?? "*")] }],
  run: (input, { world }) => {
    const found = alarmsState(world).history.filter(
      (item) =>
        (input.AlarmName === undefined || item.alarm === input.AlarmName) &&
        (input.HistoryItemType === undefined || item.type === input.HistoryItemType) &&
        (input.AlarmTypes === undefined || input.AlarmTypes.includes(item.kind)) &&
        (input.StartDate === undefined || item.at >= input.StartDate.getTime()) &&
        (input.EndDate === undefined || item.at <= input.EndDate.getTime()),
    );
    const ordered = input.ScanBy === "TimestampAscending" ? found : found.toReversed();
    return {
      AlarmHistoryItems: ordered.slice(0, input.MaxRecords ?? 100).map((item) => ({
        AlarmName: item.alarm,
        AlarmType: item.kind,
        Timestamp: new Date(item.at),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
    };
  },
});
