import type { PutCompositeAlarmCommandInput, PutCompositeAlarmCommandOutput } from "@aws-sdk/client-cloudwatch";
import type { CompositeAlarm } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { evaluateComposites } from "./composite.ts";
import { putAlarm } from "./put-alarm.ts";
import { parseRule } from "./rule.ts";
import { alarmArn } from "./state.ts";

/** Makes or changes a composite alarm and evaluates it. */
export const PutCompositeAlarm = operation<PutCompositeAlarmCommandInput, Omit<PutCompositeAlarmCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [{ action: "cloudwatch:PutCompositeAlarm", resources: [alarmArn(world, input.AlarmName ?? "*")] }],
  run: (input, { world }) => {
    const { Tags, ...composite } = input;
    parseRule(input.AlarmRule!);
    putAlarm(world, input.AlarmName!, "CompositeAlarm", { metric: undefined, composite: composite as CompositeAlarm }, input.ActionsEnabled ?? true, Tags);
    evaluateComposites(world, undefined);
    return {};
  },
});
