import { randomUUID } from "node:crypto";
import { resourceType } from "../resource.ts";

/** A key's name only: the sandbox encrypts nothing, and says so. */
export const kmsKey = resourceType({
  uses: [],
  records: [
    "KeyPolicy",
    "Description",
    "EnableKeyRotation",
    "RotationPeriodInDays",
    "PendingWindowInDays",
    "KeySpec",
    "KeyUsage",
    "Enabled",
    "MultiRegion",
    "Origin",
    "Tags",
    "BypassPolicyLockoutSafetyCheck",
  ],
  create: async (_, { world }) => {
    world.warnOnce(
      "KMS keys are names only in the sandbox: nothing is encrypted with them, and their policies are not evaluated",
    );
    const id = randomUUID();
    return { physicalId: id, attributes: { Arn: world.arn("kms", `key/${id}`), KeyId: id } };
  },
  update: async (_, __, { made }) => made,
});
