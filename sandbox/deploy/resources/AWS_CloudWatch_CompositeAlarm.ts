import { boolean, defined, number, type Properties, resourceType } from "../resource.ts";

function numbers(properties: Properties): object {
  return defined({
    ActionsEnabled: boolean(properties["ActionsEnabled"]),
    ActionsSuppressorWaitPeriod: number(properties["ActionsSuppressorWaitPeriod"]),
    ActionsSuppressorExtensionPeriod: number(properties["ActionsSuppressorExtensionPeriod"]),
  });
}

/** An alarm over other alarms. */
export const cloudWatchCompositeAlarm = resourceType({
  uses: [
    "AlarmName",
    "AlarmDescription",
    "AlarmRule",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "ActionsSuppressor",
    "ActionsSuppressorWaitPeriod",
    "ActionsSuppressorExtensionPeriod",
    "Tags",
  ],
  replacedBy: ["AlarmName"],
  create: async (properties, context) => {
    const AlarmName = (properties["AlarmName"] as string | undefined) ?? context.physicalName(255);
    await context.call("monitoring", "PutCompositeAlarm", {
      ...properties,
      ...numbers(properties),
      AlarmName,
    });
    return {
      physicalId: AlarmName,
      attributes: { Arn: context.world.arn("cloudwatch", `alarm:${AlarmName}`) },
    };
  },
  update: async ({ Tags: _, ...properties }, { call }, { made }) => {
    await call("monitoring", "PutCompositeAlarm", {
      ...properties,
      ...numbers(properties),
      AlarmName: made.physicalId,
    });
    return made;
  },
  delete: async ({ physicalId }, { call }) => {
    await call("monitoring", "DeleteAlarms", { AlarmNames: [physicalId] });
  },
});
