import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** Adds tags. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:TagResource", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    const given = (input.Tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));
    secret.tags = [
      ...(secret.tags ?? []).filter(({ Key }) => !given.some((tag) => tag.Key === Key)),
      ...given,
    ];
    return {};
  },
});
