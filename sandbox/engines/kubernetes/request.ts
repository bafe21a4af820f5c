import type { ApiRequest } from "./api.ts";
import { resourceAt } from "./resources.ts";
import { failure } from "./status.ts";

const VERBS: Record<string, string> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** Takes the path of a request apart: `/apis/apps/v1/namespaces/shop/deployments/web/scale`. */
export function requestOf(
  cluster: string,
  method: string,
  url: URL,
  contentType: string | undefined,
  body: unknown,
): { verb: string; request: ApiRequest } {
  const parts = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const unknown = () => failure("NotFound", "the server could not find the requested resource");
  const [group, version, rest] =
    parts[0] === "api" ? ["", parts[1], parts.slice(2)] : [parts[1] ?? "", parts[2], parts.slice(3)];
  if (!version || !["api", "apis"].includes(parts[0] ?? "")) throw unknown();
  let namespace: string | undefined;
  let at = rest;
  // `/namespaces/shop` is the namespace itself, `/namespaces/shop/pods` is what is in it.
  if (rest[0] === "namespaces" && rest.length > 2 && rest[2] !== "status") {
    namespace = rest[1];
    at = rest.slice(2);
  }
  const [plural = "", name, subresource] = at;
  const resource = resourceAt(group, version, plural);
  if (!resource || at.length > 3) throw unknown();
  if (subresource && !resource.subresources?.includes(subresource as never)) throw unknown();
  const query = Object.fromEntries(url.searchParams);
  const watching = query["watch"] === "true" || query["watch"] === "1";
  const verb = method === "GET" ? (watching ? "watch" : name === undefined ? "list" : "get") : VERBS[method];
  const named = name !== undefined;
  const fits = {
    create: !named,
    update: named,
    patch: named,
    delete: named,
    get: true,
    list: true,
    watch: true,
  };
  if (!verb || !fits[verb as keyof typeof fits])
    throw failure("MethodNotAllowed", "the server does not allow this method on the requested resource");
  return {
    verb,
    request: {
      cluster,
      resource,
      query,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(subresource === undefined ? {} : { subresource: subresource as never }),
      ...(contentType === undefined ? {} : { contentType: contentType.split(";")[0]!.trim() }),
      ...(body === undefined ? {} : { body }),
    },
  };
}
