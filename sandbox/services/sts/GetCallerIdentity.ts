import type { GetCallerIdentityCommandInput, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { callerArn } from "../../front/iam/principal.ts";
import { operation } from "../../service.ts";
import { roleAt } from "../iam/state.ts";

/** Needs no permission, as on AWS. */
export const GetCallerIdentity = operation<GetCallerIdentityCommandInput, GetCallerIdentityResponse>({
  authorize: () => [],
  run: (_, { world, principal, account }) => ({
    Account: account,
    Arn: callerArn(world, principal),
    UserId:
      principal.type === "role"
        ? `${roleAt(world, principal.roleArn)?.id ?? "AROASANDBOX"}:${principal.sessionName}`
        : "AIDASANDBOXADMIN",
  }),
});
