import type { Filter, Tag } from "@aws-sdk/client-ec2";
import { notImplemented } from "../../world.ts";

/**
 * Whether a resource passes EC2's filters: all filters, any of a filter's values, `*` and `?` as wildcards.
 * `fields` gives the values by filter name; a filter the sandbox does not know is refused, never ignored.
 */
export function passes(
  operation: string,
  filters: Filter[] | undefined,
  tags: Tag[] | undefined,
  fields: Record<string, string | undefined>,
): boolean {
  return (filters ?? []).every(({ Name = "", Values = [] }) => {
    const key = /^tag:(.+)$/.exec(Name)?.[1];
    if (!key && Name !== "tag-key" && !(Name in fields))
      throw notImplemented("ec2", `${operation} with the filter ${Name}`);
    const given = key
      ? (tags ?? []).filter((tag) => tag.Key === key).map((tag) => tag.Value ?? "")
      : Name === "tag-key"
        ? (tags ?? []).map((tag) => tag.Key ?? "")
        : [fields[Name] ?? ""];
    return Values.some((value) => given.some((each) => wildcard(value).test(each)));
  });
}

function wildcard(pattern: string): RegExp {
  const body = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${body}$`, "s");
}
