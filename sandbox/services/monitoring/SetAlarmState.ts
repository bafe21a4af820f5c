import type { SetAlarmStateCommandInput, SetAlarmStateCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { evaluateComposites } from "./composite.ts";
import { alarmArn, alarmsState, type StateValue, validationError } from "./state.ts";
import { transition } from "./transition.ts";

const VALUES = ["INSUFFICIENT_DATA", "ALARM", "OK"];

/**
 * Sets a state by hand, with the real actions of the change. A metric alarm goes back to what its metric says some
 * evaluations later; a composite alarm stays until one of its alarms changes.
 */
export const SetAlarmState = operation<
  SetAlarmStateCommandInput,
  Omit<SetAlarmStateCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "cloudwatch:SetAlarmState", resources: [alarmArn(world, input.AlarmName ?? "*")] },
  ],
  run: (input, { world }) => {
    const value = input.StateValue as string;
    if (!VALUES.includes(value))
      throw validationError(
        `1 validation error detected: Value '${value}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [${VALUES.join(", ")}]`,
      );
    const alarm = alarmsState(world).alarms.get(input.AlarmName!);
    if (!alarm) throw new ServiceException("ResourceNotFound", "");
    if (input.StateReasonData !== undefined && !isJson(input.StateReasonData))
      throw new ServiceException(
        "InvalidFormatFault",
        "1 validation error detected: StateReasonData was not valid JSON",
      );
    const changed = value !== alarm.state.value;
    alarm.setByHandAt = world.clock.now();
    transition(world, alarm, {
      value: value as StateValue,
      reason: input.StateReason!,
      reasonData: input.StateReasonData,
    });
    if (changed) evaluateComposites(world, alarm);
    return {};
  },
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // that is the answer
  }
}
