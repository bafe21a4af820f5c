import type { Authorization } from "../service.ts";

/** `alias/aws/rds` and the like: keys that AWS keeps, whose own policies let the account's callers in. */
const MANAGED_BY_AWS = /(^|\/)aws[/-]/;

/**
 * What a caller must be allowed of a customer managed key that a service uses in his name. Nothing is encrypted with it
 * here; who may not use it is turned away all the same.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function keyUse(
  key: string | undefined,
  service: string,
  region: string,
  actions: string[],
): Authorization[] {
  if (key === undefined || MANAGED_BY_AWS.test(key)) return [];
  return actions.map((action) => ({
    action,
    resources: [key],
    context: {
      "kms:ViaService": `${service}.${region}.amazonaws.com`,
      ...(action === "kms:CreateGrant" ? { "kms:GrantIsForAWSResource": "true" } : {}),
    },
  }));
}
