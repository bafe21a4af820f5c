import type { ArnBuilder } from "../../lambdas/runtime/spec.ts";
import type { Json } from "./fields.ts";

/** An input with every key given, optional ones too; texts stand for themselves as `<key>`. */
export function sampleOf(json: Json, name = "input"): unknown {
  if (json.anyOf) return sampleOf(json.anyOf.find(({ type }) => type === "string") ?? json.anyOf[0]!, name);
  if (json.const !== undefined) return json.const;
  if (json.enum) return json.enum[0];
  if (json.type === "array") return [sampleOf(json.items ?? {}, name)];
  if (json.type === "object")
    return Object.fromEntries(
      Object.entries(json.properties ?? {}).map(([key, field]) => [key, sampleOf(field, key)]),
    );
  if (json.default !== undefined) return json.default;
  if (json.type === "boolean") return true;
  if (json.type === "integer" || json.type === "number") return Math.max(json.minimum ?? 1, 1);
  return `<${name}>`;
}

/** ARNs with the account's parts left open. */
export const sampleArn: ArnBuilder = {
  partition: "aws",
  region: "<region>",
  account: "<account>",
  of: (service, resource, { region = "<region>", account = "<account>" } = {}) =>
    `arn:aws:${service}:${region}:${account}:${resource}`,
  document: (name) => `arn:aws:ssm:<region>:<account>:document/<stack>-${name}`,
};
