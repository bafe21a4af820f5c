import type { DeleteAlarmsCommandInput, DeleteAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { alarmArn, alarmsState } from "./state.ts";

/** Deletes alarms; one that does not exist is an error and then none is deleted. */
export const DeleteAlarms = operation<DeleteAlarmsCommandInput, Omit<DeleteAlarmsCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [{ action: "cloudwatch:DeleteAlarms", resources: (input.AlarmNames ?? []).map((name) => alarmArn(world, name)) }],
  run: (input, { world }) => {
    const { alarms } = alarmsState(world);
    const missing = (input.AlarmNames ?? []).filter((name) => !alarms.has(name));
    if (missing.length > 0 && (input.AlarmNames ?? []).length > 1) throw new ServiceException("ResourceNotFound", `Unknown alarms: ${missing.join(", ")}`);
    for (const name of input.AlarmNames ?? []) alarms.delete(name);
    return {};
  },
});
