import type {
  DeleteResourcePolicyCommandInput,
  DeleteResourcePolicyCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** Removes the resource policy. */
export const DeleteResourcePolicy = operation<
  DeleteResourcePolicyCommandInput,
  Omit<DeleteResourcePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:DeleteResourcePolicy", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    secret.policy = undefined;
    return { ARN: secret.arn, Name: secret.name };
  },
});
