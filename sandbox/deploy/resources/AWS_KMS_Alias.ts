import { resourceType } from "../resource.ts";

/** A key's alias, as a name only. */
export const kmsAlias = resourceType({
  uses: ["AliasName"],
  records: ["TargetKeyId"],
  replacedBy: ["AliasName"],
  create: async (properties) => ({ physicalId: properties["AliasName"] as string, attributes: {} }),
  update: async (_, __, { made }) => made,
});
