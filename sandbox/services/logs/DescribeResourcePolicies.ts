import type {
  DescribeResourcePoliciesCommandInput,
  DescribeResourcePoliciesResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { logsState } from "./state.ts";

/** The account's resource policies for logs. */
export const DescribeResourcePolicies = operation<
  DescribeResourcePoliciesCommandInput,
  DescribeResourcePoliciesResponse
>({
  authorize: () => [{ action: "logs:DescribeResourcePolicies", resources: ["*"] }],
  run: (_, { world }) => ({
    resourcePolicies: [...logsState(world).policies].map(([policyName, { document, at }]) => ({
      policyName,
      policyDocument: document,
      lastUpdatedTime: at,
    })),
  }),
});
