import type { ExpectedPermission } from "../runtime/protocol.ts";

/** One question to IAM: may this role do these actions on these resources, in a request like this one? */
export interface Question {
  roleArn: string;
  actions: string[];
  resources: string[];
  context: { key: string; values: string[] }[];
}

/** Operators under which a request with the condition's own values passes. The others say what must not be there. */
const POSITIVE = /^(?:ForA(?:ll|ny)Values:)?(?:StringEquals|StringLike|ArnEquals|ArnLike|Bool)/;

/** A name that a pattern fits; `*` alone stays, it means no resource at all. */
const sample = (pattern: string) => (pattern === "*" ? pattern : pattern.replace(/[*?]/g, "0"));

/** The request that a step would make, as far as its permission tells: exact names in place of patterns. Pure. */
export function questionOf({ roleArn, actions, resources, conditions = {} }: ExpectedPermission): Question {
  const context = Object.entries(conditions)
    .filter(([operator]) => POSITIVE.test(operator))
    .flatMap(([, keys]) =>
      Object.entries(keys).map(([key, value]) => ({ key, values: [value].flat().map(sample) })),
    );
  return { roleArn, actions, resources: resources.map(sample), context };
}
