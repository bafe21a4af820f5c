import type { AssumeRoleCommandInput, AssumeRoleResponse } from "@aws-sdk/client-sts";
import { issueCredentials } from "../../front/credentials.ts";
import { operation } from "../../service.ts";

const ONE_HOUR = 3_600_000;

/** Credentials of a role for whoever may assume it. */
export const AssumeRole = operation<AssumeRoleCommandInput, AssumeRoleResponse>({
  authorize: (input) => [{ action: "sts:AssumeRole", resources: [input.RoleArn ?? "*"] }],
  run: (input, { world, account }) => {
    const sessionName = input.RoleSessionName!;
    const issued = issueCredentials(world, { type: "role", roleArn: input.RoleArn!, sessionName });
    const roleName = input.RoleArn!.split("/").at(-1);
    return {
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(world.clock.now() + (input.DurationSeconds ? input.DurationSeconds * 1000 : ONE_HOUR)),
      },
      AssumedRoleUser: {
        AssumedRoleId: `AROASANDBOX:${sessionName}`,
        Arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
      },
    };
  },
});
