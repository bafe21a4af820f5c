import type { RotateSecretCommandInput, RotateSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { mayInvoke, rotate } from "./rotation.ts";
import { holderOf, resourceArn, secretNamed } from "./state.ts";
import { requireToken } from "./versions.ts";

/** Rotates with a function: createSecret, setSecret, testSecret, finishSecret, in the background. */
export const RotateSecret = operation<RotateSecretCommandInput, Omit<RotateSecretCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      { action: "secretsmanager:RotateSecret", resources: [resourceArn(world, input.SecretId)] },
    ],
    run: async (input, { world }) => {
      const token = requireToken(input.ClientRequestToken, "InvalidParameterException");
      const secret = secretNamed(world, input.SecretId);
      const lambdaArn = input.RotationLambdaARN ?? secret.rotation?.lambdaArn;
      if (lambdaArn === undefined)
        throw new ServiceException(
          "InvalidRequestException",
          "No Lambda rotation function ARN is associated with this secret.",
        );
      const pending = holderOf(secret, "AWSPENDING");
      if (pending && pending.id !== token && !pending.stages.has("AWSCURRENT"))
        throw new ServiceException(
          "InvalidRequestException",
          "A previous rotation isn't complete. That rotation will be reattempted.",
        );
      await mayInvoke(world, secret, lambdaArn);
      secret.rotation = {
        lambdaArn,
        rules: input.RotationRules ?? secret.rotation?.rules ?? {},
        enabled: true,
        rotatedAt: secret.rotation?.rotatedAt,
      };
      if (input.RotateImmediately ?? true) {
        if (!secret.versions.some(({ id }) => id === token))
          secret.versions.push({
            id: token,
            string: undefined,
            binary: undefined,
            createdAt: world.clock.now(),
            lastAccessedAt: undefined,
            stages: new Set(["AWSPENDING"]),
          });
        rotate(world, secret, token, lambdaArn);
      }
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: (input.RotateImmediately ?? true) ? token : undefined,
      };
    },
  },
);
