import { prefixOf } from "./discovery.ts";
import { RESOURCES, type ResourceType } from "./resources.ts";

/**
 * As much OpenAPI as kubectl asks for before it applies: which kinds there are, and that the server checks fields by
 * itself (`fieldValidation`), so that kubectl need not. Schemas of the kinds are left open.
 */
export function openApi(path: string): object | undefined {
  const prefixes = [...new Set(RESOURCES.map(prefixOf))];
  if (path === "/openapi/v3")
    return {
      paths: Object.fromEntries(
        prefixes.map((prefix) => [prefix.slice(1), { serverRelativeURL: `/openapi/v3${prefix}?hash=0` }]),
      ),
    };
  if (path === "/openapi/v2")
    return {
      swagger: "2.0",
      info: { title: "Kubernetes", version: "v1.32.0" },
      paths: Object.assign({}, ...RESOURCES.map((each) => pathsOf(each, 2))),
      definitions: Object.fromEntries(RESOURCES.map((each) => [schemaName(each), schemaOf(each)])),
    };
  const prefix = prefixes.find((each) => path === `/openapi/v3${each}`);
  if (!prefix) return undefined;
  const own = RESOURCES.filter((each) => prefixOf(each) === prefix);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.32.0" },
    paths: Object.assign({}, ...own.map((each) => pathsOf(each, 3))),
    components: { schemas: Object.fromEntries(own.map((each) => [schemaName(each), schemaOf(each)])) },
  };
}

const schemaName = ({ group, version, kind }: ResourceType) =>
  `io.k8s.api.${group ? group.split(".")[0] : "core"}.${version}.${kind}`;

const groupVersionKind = ({ group, version, kind }: ResourceType) => ({ group, version, kind });

const schemaOf = (resource: ResourceType) => ({
  type: "object",
  "x-kubernetes-preserve-unknown-fields": true,
  "x-kubernetes-group-version-kind": [groupVersionKind(resource)],
});

function pathsOf(resource: ResourceType, openapi: 2 | 3): Record<string, object> {
  const at = `${prefixOf(resource)}${resource.namespaced ? "/namespaces/{namespace}" : ""}/${resource.plural}`;
  const text = openapi === 2 ? { type: "string" } : { schema: { type: "string" } };
  const verb = (action: string) => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": groupVersionKind(resource),
    parameters: ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({ name, in: "query", ...text })),
    responses: { 200: { description: "OK" } },
  });
  return { [at]: { post: verb("post") }, [`${at}/{name}`]: { put: verb("put"), patch: verb("patch") } };
}
