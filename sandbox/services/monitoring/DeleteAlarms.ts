import type { DeleteAlarmsCommandInput, DeleteAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { childrenOf } from "./composite.ts";
import { type Alarm, alarmArn, alarmsState, validationError } from "./state.ts";

const MOST = 100;

/** Deletes alarms, all of them or none: one that does not exist or that a composite alarm looks at is an error. */
export const DeleteAlarms = operation<DeleteAlarmsCommandInput, Omit<DeleteAlarmsCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      {
        action: "cloudwatch:DeleteAlarms",
        resources: (input.AlarmNames ?? []).map((name) => alarmArn(world, name)),
      },
    ],
    run: (input, { world }) => {
      const { alarms } = alarmsState(world);
      const names = input.AlarmNames ?? [];
      if (names.length > MOST)
        throw validationError(`The collection AlarmNames must not have a size greater than ${MOST}.`);
      const found = names.map((name): Alarm => {
        const alarm = alarms.get(name);
        if (!alarm) throw new ServiceException("ResourceNotFound", `Alarm ${name} does not exist`);
        return alarm;
      });
      if (found.filter(({ composite }) => composite).length > 1)
        throw validationError("Only one composite alarm can be deleted per call.");
      for (const alarm of alarms.values()) {
        const needed = childrenOf(alarm).find((name) => names.includes(name));
        if (needed && !names.includes(alarm.name))
          throw validationError(`Cannot delete ${needed} as there are composite alarm(s) depending on it.`);
      }
      for (const alarm of found) {
        alarm.pending?.cancel();
        alarms.delete(alarm.name);
      }
      return {};
    },
  },
);
