import type { Service } from "../../service.ts";
import { CreateListener } from "./CreateListener.ts";
import { CreateLoadBalancer } from "./CreateLoadBalancer.ts";
import { CreateRule } from "./CreateRule.ts";
import { CreateTargetGroup } from "./CreateTargetGroup.ts";
import { DeregisterTargets } from "./DeregisterTargets.ts";
import { DescribeListeners } from "./DescribeListeners.ts";
import { DescribeRules } from "./DescribeRules.ts";
import { DescribeTargetHealth } from "./DescribeTargetHealth.ts";
import { ModifyListener } from "./ModifyListener.ts";
import { ModifyRule } from "./ModifyRule.ts";
import { RegisterTargets } from "./RegisterTargets.ts";

/** Elastic Load Balancing v2: application load balancers that really forward, with health-checked target groups. */
export const elasticloadbalancing: Service = {
  name: "elasticloadbalancing",
  client: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  operations: {
    CreateListener,
    CreateLoadBalancer,
    CreateRule,
    CreateTargetGroup,
    DeregisterTargets,
    DescribeListeners,
    DescribeRules,
    DescribeTargetHealth,
    ModifyListener,
    ModifyRule,
    RegisterTargets,
  },
};
