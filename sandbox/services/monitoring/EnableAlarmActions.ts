import type {
  EnableAlarmActionsCommandInput,
  EnableAlarmActionsCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { alarmArn, alarmsState } from "./state.ts";

/** Switches the actions of alarms; states and events go on. */
export const EnableAlarmActions = operation<
  EnableAlarmActionsCommandInput,
  Omit<EnableAlarmActionsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "cloudwatch:EnableAlarmActions",
      resources: (input.AlarmNames ?? []).map((name) => alarmArn(world, name)),
    },
  ],
  run: (input, { world }) => {
    for (const name of input.AlarmNames ?? []) {
      const alarm = alarmsState(world).alarms.get(name);
      if (alarm) alarm.actionsEnabled = true;
    }
    return {};
  },
});
