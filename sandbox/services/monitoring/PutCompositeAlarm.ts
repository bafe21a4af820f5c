import type {
  CompositeAlarm,
  PutCompositeAlarmCommandInput,
  PutCompositeAlarmCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import type { World } from "../../world.ts";
import { childrenOf, evaluateNew } from "./composite.ts";
import { checkAlarm, putAlarm } from "./put-alarm.ts";
import { parseRule } from "./rule.ts";
import { alarmArn, alarmNamed, nameIn, validationError } from "./state.ts";

/** Makes or changes a composite alarm and evaluates it. */
export const PutCompositeAlarm = operation<
  PutCompositeAlarmCommandInput,
  Omit<PutCompositeAlarmCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "cloudwatch:PutCompositeAlarm", resources: [alarmArn(world, input.AlarmName ?? "*")] },
  ],
  run: (input, { world }) => {
    const { Tags, ...composite } = input;
    checkAlarm(input.AlarmName, [input.OKActions, input.AlarmActions, input.InsufficientDataActions]);
    const children = parseRule(input.AlarmRule ?? "").alarms.map(nameIn);
    const missing = children.filter((name) => !alarmNamed(world, name));
    if (missing.length > 0)
      throw validationError(
        `Could not save the composite alarm as alarms [${missing.join(", ")}] in the alarm rule do not exist`,
      );
    if (
      children.includes(input.AlarmName!) ||
      children.some((name) => reaches(world, name, input.AlarmName!))
    )
      throw validationError("Could not save the composite alarm as there is a cycle in the alarm rule");
    if (input.ActionsSuppressor) checkSuppressor(world, input);
    const given = { metric: undefined, composite: composite as CompositeAlarm };
    const { alarm, created } = putAlarm(world, input.AlarmName!, given, input.ActionsEnabled ?? true, Tags);
    evaluateNew(world, alarm, created);
    return {};
  },
});

function reaches(world: World, from: string, wanted: string): boolean {
  const alarm = alarmNamed(world, from);
  return !!alarm && childrenOf(alarm).some((name) => name === wanted || reaches(world, name, wanted));
}

function checkSuppressor(world: World, input: PutCompositeAlarmCommandInput): void {
  if (!alarmNamed(world, input.ActionsSuppressor!))
    throw validationError(`ActionsSuppressor ${input.ActionsSuppressor} does not exist`);
  for (const name of ["ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"] as const)
    if (input[name] === undefined) throw validationError(`${name} must be specified with ActionsSuppressor`);
}
