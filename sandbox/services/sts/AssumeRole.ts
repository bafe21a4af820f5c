import type { AssumeRoleCommandInput, AssumeRoleResponse } from "@aws-sdk/client-sts";
import { issueCredentials } from "../../front/credentials.ts";
import { operation, ServiceException } from "../../service.ts";
import { roleAt } from "../iam/state.ts";
import { sessionTags } from "./session-tags.ts";

/** Credentials of a role for whoever its trust policy lets take it on; the administrator always may. */
export const AssumeRole = operation<AssumeRoleCommandInput, AssumeRoleResponse>({
  authorize: (input) => {
    const tags = input.Tags ?? [];
    const context = {
      "sts:RoleSessionName": input.RoleSessionName ?? "",
      ...(input.ExternalId ? { "sts:ExternalId": input.ExternalId } : {}),
      ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value ?? ""])),
      ...(tags.length > 0 ? { "aws:TagKeys": tags.map(({ Key }) => Key ?? "") } : {}),
    };
    const resources = [input.RoleArn ?? "*"];
    return [
      { action: "sts:AssumeRole", resources, context },
      // To pass tags, both sides must allow that too.
      ...(tags.length > 0 ? [{ action: "sts:TagSession", resources, context }] : []),
    ];
  },
  run: (input, { world, account }) => {
    const role = roleAt(world, input.RoleArn ?? "");
    // STS does not tell strangers which roles there are.
    if (!role)
      throw new ServiceException(
        "AccessDenied",
        `Not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
        { status: 403 },
      );
    const sessionName = input.RoleSessionName ?? "";
    const seconds = input.DurationSeconds ?? 3600;
    if (seconds < 900 || seconds > role.maxSession)
      throw new ServiceException(
        "ValidationError",
        seconds < 900
          ? `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`
          : "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      );
    const tags = sessionTags(input);
    const expiresAt = world.clock.now() + seconds * 1000;
    const issued = issueCredentials(
      world,
      { type: "role", roleArn: role.arn, sessionName, ...(tags ? { tags } : {}) },
      { expiresAt },
    );
    return {
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(expiresAt),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${sessionName}`,
        Arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
      },
    };
  },
});
