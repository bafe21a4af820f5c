import type { Service } from "../../service.ts";
import { CreateEventBus } from "./CreateEventBus.ts";
import { DeleteEventBus } from "./DeleteEventBus.ts";
import { DeleteRule } from "./DeleteRule.ts";
import { DescribeEventBus } from "./DescribeEventBus.ts";
import { DescribeRule } from "./DescribeRule.ts";
import { DisableRule } from "./DisableRule.ts";
import { put } from "./deliver.ts";
import { EnableRule } from "./EnableRule.ts";
import { ListEventBuses } from "./ListEventBuses.ts";
import { ListRuleNamesByTarget } from "./ListRuleNamesByTarget.ts";
import { ListRules } from "./ListRules.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { ListTargetsByRule } from "./ListTargetsByRule.ts";
import { PutEvents } from "./PutEvents.ts";
import { PutPermission } from "./PutPermission.ts";
import { PutRule } from "./PutRule.ts";
import { PutTargets } from "./PutTargets.ts";
import { RemovePermission } from "./RemovePermission.ts";
import { RemoveTargets } from "./RemoveTargets.ts";
import { busName, busNamed, DEFAULT_BUS, eventsState } from "./state.ts";
import { TagResource } from "./TagResource.ts";
import { TestEventPattern } from "./TestEventPattern.ts";
import { UntagResource } from "./UntagResource.ts";

/** Amazon EventBridge. */
export const events: Service = {
  name: "events",
  client: () => import("@aws-sdk/client-eventbridge"),
  operations: {
    CreateEventBus,
    DeleteEventBus,
    DeleteRule,
    DescribeEventBus,
    DescribeRule,
    DisableRule,
    EnableRule,
    ListEventBuses,
    ListRuleNamesByTarget,
    ListRules,
    ListTagsForResource,
    ListTargetsByRule,
    PutEvents,
    PutPermission,
    PutRule,
    PutTargets,
    RemovePermission,
    RemoveTargets,
    TagResource,
    TestEventPattern,
    UntagResource,
  },
  resourcePolicy: (world, arn) =>
    arn.includes(":event-bus/") ? eventsState(world).buses.get(busName(arn))?.policy : undefined,
  start: (world) => {
    world.onEvent((event) => {
      put(world, busNamed(world, DEFAULT_BUS), event);
    });
    world.onStop(() => {
      for (const bus of eventsState(world).buses.values())
        for (const rule of bus.rules.values()) rule.cancel();
    });
  },
};
