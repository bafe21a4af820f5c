import type {
  DescribeSecretCommandInput,
  DescribeSecretCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { secretAnswer } from "./answers.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** A secret without its values. */
export const DescribeSecret = operation<
  DescribeSecretCommandInput,
  Omit<DescribeSecretCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:DescribeSecret", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId, true);
    return secretAnswer(secret, "VersionIdsToStages") as Omit<DescribeSecretCommandOutput, "$metadata">;
  },
});
