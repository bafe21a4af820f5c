import type { QueryCommandInput } from "@aws-sdk/client-dynamodb";

/** The partition key's value in `KeyConditionExpression` (`pk = :pk`), or in the older `KeyConditions`. */
export function partitionOf(input: QueryCommandInput): string[] {
  const placeholder = /^[\s(]*[\w#.-]+\s*=\s*(:\w+)/.exec(input.KeyConditionExpression ?? "")?.[1];
  const equal = Object.values(input.KeyConditions ?? {}).find((each) => each.ComparisonOperator === "EQ");
  const value =
    (placeholder ? input.ExpressionAttributeValues?.[placeholder] : undefined) ??
    equal?.AttributeValueList?.[0];
  return value ? [String(Object.values(value)[0])] : [];
}
