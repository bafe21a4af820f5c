import type { SetAlarmStateCommandInput, SetAlarmStateCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { evaluateComposites } from "./composite.ts";
import { alarmArn, alarmsState, type StateValue } from "./state.ts";
import { transition } from "./transition.ts";

/** Sets a state by hand, with all its actions. */
export const SetAlarmState = operation<SetAlarmStateCommandInput, Omit<SetAlarmStateCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [{ action: "cloudwatch:SetAlarmState", resources: [alarmArn(world, input.AlarmName ?? "*")] }],
  run: (input, { world }) => {
    const value = input.StateValue as string;
    if (!["INSUFFICIENT_DATA", "ALARM", "OK"].includes(value))
      throw new ServiceException("ValidationError", `1 validation error detected: Value '${value}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`);
    const alarm = alarmsState(world).alarms.get(input.AlarmName!);
    if (!alarm) throw new ServiceException("ResourceNotFound", "");
    if (input.StateReasonData !== undefined) {
      try {
        JSON.parse(input.StateReasonData);
      } catch {
        throw new ServiceException("InvalidFormatFault", "StateReasonData is not valid JSON");
      }
    }
    transition(world, alarm, { value: value as StateValue, reason: input.StateReason!, reasonData: input.StateReasonData });
    if (alarm.kind === "MetricAlarm") evaluateComposites(world, alarm.name);
    return {};
  },
});
