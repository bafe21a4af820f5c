import type { Rule } from "./rule.ts";

/** Each approver once: SNS keeps one subscription for each address, whatever its case. */
export const approverTwice: Rule = ({ approval }) => {
  const seen = new Set<string>();
  return (approval?.approvers ?? []).flatMap((address, index) => {
    const known = seen.has(address.toLowerCase());
    seen.add(address.toLowerCase());
    return known
      ? [
          {
            path: ["approval", "approvers", index],
            reason: `${address} is named already`,
            instead: "name each approver once",
          },
        ]
      : [];
  });
};
