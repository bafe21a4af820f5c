import { resourceType } from "../resource.ts";

/** What the CDK writes about itself; nothing is made of it. */
export const cdkMetadata = resourceType({
  uses: [],
  records: ["Analytics"],
  create: async (_, { logicalId }) => ({ physicalId: logicalId, attributes: {} }),
  update: async (_, __, { made }) => made,
});
