import type { Service } from "../../service.ts";
import { roleAt } from "../iam/state.ts";
import { AssumeRole } from "./AssumeRole.ts";
import { GetCallerIdentity } from "./GetCallerIdentity.ts";

/** AWS Security Token Service. */
export const sts: Service = {
  name: "sts",
  client: () => import("@aws-sdk/client-sts"),
  operations: { AssumeRole, GetCallerIdentity },
  /** A role's trust policy is the resource policy that AssumeRole asks. */
  resourcePolicy: (world, arn) => roleAt(world, arn)?.trust,
};
