import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** Removes tags. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:UntagResource", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    secret.tags = (secret.tags ?? []).filter(({ Key }) => !input.TagKeys?.includes(Key));
    return {};
  },
});
