import { defined, number, type Properties, type ResourceContext, resourceType } from "../resource.ts";

/** The properties as the service's own call takes them: CloudFormation writes numbers and dates as text. */
function input(Name: string, properties: Properties): object {
  const window = properties["FlexibleTimeWindow"] as Record<string, unknown>;
  const target = properties["Target"] as Record<string, unknown>;
  const retry = target["RetryPolicy"] as Record<string, unknown> | undefined;
  const date = (key: string) =>
    properties[key] === undefined ? undefined : new Date(String(properties[key]));
  return {
    Name,
    ...defined({
      GroupName: properties["GroupName"],
      Description: properties["Description"],
      ScheduleExpression: properties["ScheduleExpression"],
      ScheduleExpressionTimezone: properties["ScheduleExpressionTimezone"],
      StartDate: date("StartDate"),
      EndDate: date("EndDate"),
      State: properties["State"],
      KmsKeyArn: properties["KmsKeyArn"],
    }),
    FlexibleTimeWindow: defined({
      Mode: window["Mode"],
      MaximumWindowInMinutes: number(window["MaximumWindowInMinutes"]),
    }),
    Target: {
      ...target,
      ...(retry
        ? {
            RetryPolicy: defined({
              MaximumRetryAttempts: number(retry["MaximumRetryAttempts"]),
              MaximumEventAgeInSeconds: number(retry["MaximumEventAgeInSeconds"]),
            }),
          }
        : {}),
    },
  };
}

const put = (operation: string, Name: string, properties: Properties, { call }: ResourceContext) =>
  call<{ ScheduleArn: string }>("scheduler", operation, input(Name, properties));

/** A schedule of EventBridge Scheduler. */
export const schedulerSchedule = resourceType({
  uses: [
    "Name",
    "GroupName",
    "Description",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "EndDate",
    "State",
    "KmsKeyArn",
    "FlexibleTimeWindow",
    "Target",
  ],
  replacedBy: ["Name"],
  create: async (properties, context) => {
    const Name = (properties["Name"] as string | undefined) ?? context.physicalName(64);
    const { ScheduleArn } = await put("CreateSchedule", Name, properties, context);
    return { physicalId: Name, attributes: { Arn: ScheduleArn } };
  },
  update: async (properties, context, { made }) => {
    await put("UpdateSchedule", made.physicalId, properties, context);
    return made;
  },
  delete: async ({ physicalId }, { call }, properties) => {
    await call("scheduler", "DeleteSchedule", {
      Name: physicalId,
      ...defined({ GroupName: properties["GroupName"] }),
    });
  },
});
