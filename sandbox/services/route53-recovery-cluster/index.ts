import type { Service } from "../../service.ts";
import { GetRoutingControlState } from "./GetRoutingControlState.ts";
import { UpdateRoutingControlState } from "./UpdateRoutingControlState.ts";
import { UpdateRoutingControlStates } from "./UpdateRoutingControlStates.ts";

/** ARC's routing controls, as a cluster's endpoints serve them: the data plane of a failover. */
export const route53RecoveryCluster: Service = {
  name: "route53-recovery-cluster",
  client: () => import("@aws-sdk/client-route53-recovery-cluster"),
  operations: { GetRoutingControlState, UpdateRoutingControlState, UpdateRoutingControlStates },
};
