import type { GetCallerIdentityCommandInput, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { operation } from "../../service.ts";
import { callerArn } from "../../front/iam/principal.ts";

/** Needs no permission, as on AWS. */
export const GetCallerIdentity = operation<GetCallerIdentityCommandInput, GetCallerIdentityResponse>({
  authorize: () => [],
  run: (_, { world, principal, account }) => ({
    Account: account,
    Arn: callerArn(world, principal),
    UserId: principal.type === "role" ? `AROASANDBOX:${principal.sessionName}` : "AIDASANDBOXADMIN",
  }),
});
