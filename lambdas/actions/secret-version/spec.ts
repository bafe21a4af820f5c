import * as z from "zod";
import { SecretName } from "../../runtime/secret-name.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

const VersionId = z.string().min(32).max(64);

/** R10. Ids only: no value of a secret is read. */
export const secretVersion = defineAction({
  kind: "secret-version",
  summary: "Move AWSCURRENT of a secret back to an earlier version",
  input: z.strictObject({
    secret: SecretName.describe(
      "name or ARN of the secret, in its primary Region; a label changes no password: what the version says must still be valid",
    ),
    version: z
      .union([z.literal("previous"), VersionId])
      .default("previous")
      .describe("`previous` (AWSPREVIOUS when the run begins) or a version id"),
  }),
  before: z.strictObject({ currentVersionId: VersionId, targetVersionId: VersionId }),
  outputs: z.strictObject({ versionId: VersionId.describe("the version that is current now") }),
  effect: "switches",
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ secret }, arn) => {
    const resource = secret.startsWith("arn:") ? secret : arn.of("secretsmanager", `secret:${secret}-??????`);
    const describe = allow("secretsmanager:DescribeSecret", resource);
    return {
      read: [describe],
      write: [
        describe,
        allow("secretsmanager:UpdateSecretVersionStage", resource, {
          StringEquals: { "secretsmanager:VersionStage": "AWSCURRENT" },
        }),
      ],
    };
  },
  touches: ({ secret }) => [{ type: "secret", id: secret }],
  clients: ["@aws-sdk/client-secrets-manager", "@aws-sdk/client-dynamodb"],
  runbooks: ["R10"],
  docs: ["https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html"],
});
