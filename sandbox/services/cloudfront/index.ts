import type { Service } from "../../service.ts";
import { CreateInvalidation } from "./CreateInvalidation.ts";
import { GetDistribution } from "./GetDistribution.ts";
import { GetInvalidation } from "./GetInvalidation.ts";
import { ListInvalidations } from "./ListInvalidations.ts";

/** Amazon CloudFront: invalidations of distributions that a scenario made (sandbox/engines/edge.ts serves them). */
export const cloudfront: Service = {
  name: "cloudfront",
  client: () => import("@aws-sdk/client-cloudfront"),
  operations: { CreateInvalidation, GetDistribution, GetInvalidation, ListInvalidations },
};
