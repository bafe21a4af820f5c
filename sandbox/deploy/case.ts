/** CloudFormation's PascalCase members → the camelCase of the APIs that use it; text and numbers stay. */
export function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [camelKey(key), camel(each)]));
}

const camelKey = (key: string) => key.slice(0, 1).toLowerCase() + key.slice(1);
