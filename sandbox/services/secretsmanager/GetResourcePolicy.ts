import type {
  GetResourcePolicyCommandInput,
  GetResourcePolicyCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** The resource policy. */
export const GetResourcePolicy = operation<
  GetResourcePolicyCommandInput,
  Omit<GetResourcePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:GetResourcePolicy", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy };
  },
});
