import type { Authorization, Call } from "../../service.ts";

/** ARN of a table named by its name or its ARN. */
function tableArn(call: Call, table: string | undefined): string {
  return table?.startsWith("arn:") ? table : call.world.arn("dynamodb", `table/${table}`);
}

/** The name of a table given by name or ARN. */
export const tableName = (table: string | undefined) =>
  (table?.startsWith("arn:") ? table.split("/")[1] : table) ?? "";

type Key = Record<string, unknown>;

/** The first key attribute's value as text: what `dynamodb:LeadingKeys` compares. */
export function leadingKey(key: Key | undefined, hashName?: string): string[] {
  const value = key && (hashName ? key[hashName] : Object.values(key)[0]);
  if (!value || typeof value !== "object") return [];
  const scalar = Object.values(value)[0];
  return [scalar instanceof Uint8Array ? Buffer.from(scalar).toString("base64") : String(scalar)];
}

/** One action on one table, with the leading keys it touches. */
export function onTable(
  action: string,
  call: Call,
  table: string | undefined,
  keys: string[] = [],
  index?: string,
): Authorization {
  const arn = tableArn(call, table);
  return {
    action: `dynamodb:${action}`,
    resources: [index ? `${arn}/index/${index}` : arn],
    ...(keys.length > 0 ? { context: { "dynamodb:LeadingKeys": keys } } : {}),
  };
}
