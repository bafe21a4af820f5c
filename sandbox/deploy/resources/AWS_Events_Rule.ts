import {
  defined,
  number,
  type Properties,
  policyText,
  type ResourceContext,
  resourceType,
} from "../resource.ts";

/** Targets PutTargets takes at once. */
const MOST_TARGETS = 10;

const targets = (properties: Properties) =>
  (properties["Targets"] ?? []) as { Id: string; Arn: string; RetryPolicy?: Record<string, unknown> }[];

async function put(
  Name: string,
  properties: Properties,
  { call }: ResourceContext,
): Promise<{ RuleArn: string }> {
  const pattern = properties["EventPattern"];
  const answer = await call<{ RuleArn: string }>("events", "PutRule", {
    Name,
    ...defined({
      Description: properties["Description"],
      EventPattern: pattern === undefined ? undefined : policyText(pattern),
      ScheduleExpression: properties["ScheduleExpression"],
      State: properties["State"] ?? "ENABLED",
      EventBusName: properties["EventBusName"],
      RoleArn: properties["RoleArn"],
      Tags: properties["Tags"],
    }),
  });
  const all = targets(properties).map(numbers);
  for (let from = 0; from < all.length; from += MOST_TARGETS) {
    const { FailedEntries = [] } = await call<{ FailedEntries?: { ErrorMessage?: string }[] }>(
      "events",
      "PutTargets",
      {
        Rule: Name,
        EventBusName: properties["EventBusName"],
        Targets: all.slice(from, from + MOST_TARGETS),
      },
    );
    if (FailedEntries.length > 0)
      throw new Error(`Targets: ${FailedEntries.map((each) => each.ErrorMessage).join("; ")}`);
  }
  return answer;
}

function numbers(target: { Id: string; RetryPolicy?: Record<string, unknown> }): object {
  const { RetryPolicy: retry } = target;
  if (!retry) return target;
  return {
    ...target,
    RetryPolicy: defined({
      MaximumRetryAttempts: number(retry["MaximumRetryAttempts"]),
      MaximumEventAgeInSeconds: number(retry["MaximumEventAgeInSeconds"]),
    }),
  };
}

/** A rule with its targets. */
export const eventsRule = resourceType({
  uses: [
    "Name",
    "Description",
    "EventPattern",
    "ScheduleExpression",
    "State",
    "EventBusName",
    "RoleArn",
    "Targets",
    "Tags",
  ],
  replacedBy: ["Name", "EventBusName"],
  create: async (properties, context) => {
    const Name = (properties["Name"] as string | undefined) ?? context.physicalName(64);
    const { RuleArn } = await put(Name, properties, context);
    const bus = properties["EventBusName"];
    return {
      physicalId: bus && bus !== "default" ? `${String(bus)}|${Name}` : Name,
      attributes: { Arn: RuleArn },
    };
  },
  update: async (properties, context, { made, properties: before }) => {
    const Name = made.physicalId.split("|").at(-1)!;
    const kept = new Set(targets(properties).map((each) => each.Id));
    const Ids = targets(before)
      .map((each) => each.Id)
      .filter((id) => !kept.has(id));
    if (Ids.length > 0)
      await context.call("events", "RemoveTargets", {
        Rule: Name,
        EventBusName: properties["EventBusName"],
        Ids,
      });
    await put(Name, properties, context);
    return made;
  },
  delete: async ({ physicalId }, { call }, properties) => {
    const on = { EventBusName: properties["EventBusName"] };
    const Name = physicalId.split("|").at(-1)!;
    const Ids = targets(properties).map((each) => each.Id);
    if (Ids.length > 0) await call("events", "RemoveTargets", { Rule: Name, ...on, Ids });
    await call("events", "DeleteRule", { Name, ...on });
  },
});
