import type { Service } from "../../service.ts";
import { AssumeRole } from "./AssumeRole.ts";
import { GetCallerIdentity } from "./GetCallerIdentity.ts";

/** AWS Security Token Service. */
export const sts: Service = {
  name: "sts",
  client: () => import("@aws-sdk/client-sts"),
  operations: { AssumeRole, GetCallerIdentity },
};
