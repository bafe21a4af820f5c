import { same } from "../objects.ts";

type Members = Record<string, unknown>;

/**
 * Lists that are merged by a key, by the names of the member and of what holds it; every other list is replaced.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
const KEYS: Record<string, string> = {
  containers: "name",
  initContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  imagePullSecrets: "name",
  ownerReferences: "uid",
  conditions: "type",
  hostAliases: "ip",
  tolerations: "",
};
const keyOf = (name: string, within: string): string | undefined =>
  name === "ports" ? (within === "containers" ? "containerPort" : "port") : KEYS[name] || undefined;

/** Strategic merge patch for the built-in kinds. Pure. */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  return merged(target, patch, "");
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merged(target: unknown, patch: unknown, within: string): unknown {
  if (!isMembers(patch)) return patch;
  const directive = patch["$patch"];
  if (directive === "replace") {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  const result: Members = isMembers(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name === "$patch" || name.startsWith("$setElementOrder/")) continue;
    if (name === "$retainKeys") continue;
    if (name.startsWith("$deleteFromPrimitiveList/")) {
      const list = name.slice(name.indexOf("/") + 1);
      const gone = value as unknown[];
      if (Array.isArray(result[list])) result[list] = result[list].filter((each) => !gone.includes(each));
    } else if (value === null) delete result[name];
    else if (Array.isArray(value)) {
      const key = keyOf(name, within);
      const ordered = ordering(patch[`$setElementOrder/${name}`], key);
      result[name] = key ? ordered(list(result[name], value, key, name)) : value;
    } else result[name] = merged(result[name], value, name);
  }
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained))
    for (const name of Object.keys(result)) if (!retained.includes(name)) delete result[name];
  return result;
}

function list(target: unknown, patch: unknown[], key: string, name: string): unknown[] {
  if (patch.some((each) => isMembers(each) && each["$patch"] === "replace" && Object.keys(each).length === 1))
    return patch.filter((each) => !(isMembers(each) && each["$patch"] === "replace"));
  let result = Array.isArray(target) ? [...target] : [];
  for (const each of patch) {
    const value = (each as Members)[key];
    const at = result.findIndex((old) => isMembers(old) && same(old[key], value));
    if ((each as Members)["$patch"] === "delete") result = result.filter((_, index) => index !== at);
    else if (at >= 0) result[at] = merged(result[at], each, name);
    else result.push(merged({}, each, name));
  }
  return result;
}

/** Sorts a merged list as `$setElementOrder` wants it. */
function ordering(order: unknown, key: string | undefined): (list: unknown[]) => unknown[] {
  if (!Array.isArray(order) || !key) return (list) => list;
  const place = (each: unknown) => {
    const at = order.findIndex((wanted) => same((wanted as Members)[key], (each as Members)[key]));
    return at < 0 ? order.length : at;
  };
  return (list) => list.toSorted((a, b) => place(a) - place(b));
}
