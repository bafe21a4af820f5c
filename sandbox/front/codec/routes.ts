import { type OperationModel, requiredMembers, type ServiceModel } from "./model.ts";
import type { WireRequest } from "./wire.ts";

/** A member that travels outside the body. */
interface Bound {
  query?: string;
  header?: string;
}

interface Route {
  operation: OperationModel;
  method: string;
  pattern: RegExp;
  labels: string[];
  /** Literal query parameters of the template: they must be there. */
  query: [string, string | undefined][];
  /** Required members that travel in the query or a header: what tells UploadPart and CopyObject from PutObject. */
  required: Bound[];
  /** The longer the literal part, the more exact the route. */
  weight: number;
}

const routes = new WeakMap<ServiceModel, Route[]>();

function routesOf(model: ServiceModel): Route[] {
  let found = routes.get(model);
  if (!found) {
    found = [...model.operations.values()].flatMap((operation) => (operation.http ? [route(operation)] : []));
    found.sort((left, right) => exactness(right) - exactness(left) || right.weight - left.weight);
    routes.set(model, found);
  }
  return found;
}

/** `x-id` only says the operation's name again, and not every client sends it. */
const exactness = (route: Route) =>
  route.query.filter(([key]) => key !== "x-id").length + route.required.length;

function route(operation: OperationModel): Route {
  const [method, template] = operation.http!;
  const [pathTemplate = "/", query = ""] = template.split("?");
  const labels: string[] = [];
  // A label that the template does not name is one the client's endpoint rules put in front: S3's bucket.
  const outside = [...operation.input.structIterator()]
    .filter(([name, member]) => member.getMergedTraits().httpLabel && !pathTemplate.includes(`{${name}`))
    .map(([name]) => `/{${name}}`)
    .join("");
  const path = outside === "" ? pathTemplate : outside + (pathTemplate === "/" ? "" : pathTemplate);
  const pattern = path
    .replace(/[.*()[\]\\]/g, "\\$&")
    .replace(/\{(\w+)(\+)?\}/g, (_, label: string, greedy?: string) => {
      labels.push(label);
      return greedy ? "(.+)" : "([^/]+)";
    });
  const literals = query
    .split("&")
    .filter(Boolean)
    .map((part): [string, string | undefined] => {
      const [key = "", value] = part.split("=");
      return [key, value];
    });
  const weight = path.replace(/\{\w+\+?\}/g, "").length;
  const required = requiredMembers(operation.input).flatMap((member): Bound[] => {
    const { httpQuery, httpHeader } = member.getMergedTraits();
    return httpQuery
      ? [{ query: String(httpQuery) }]
      : httpHeader
        ? [{ header: String(httpHeader).toLowerCase() }]
        : [];
  });
  return {
    operation,
    method,
    pattern: new RegExp(`^${pattern}/?$`),
    labels,
    query: literals,
    required,
    weight,
  };
}

/** The operation a request is for; undefined when no route fits. */
export function matchRoute(
  model: ServiceModel,
  request: WireRequest,
): { operation: OperationModel; labels: Record<string, string> } | undefined {
  for (const each of routesOf(model)) {
    if (each.method !== request.method) continue;
    const match = each.pattern.exec(request.path);
    if (!match) continue;
    const wanted = request.query.get("x-id");
    const fits =
      each.query.every(([key, value]) =>
        key === "x-id"
          ? !wanted || wanted === value
          : request.query.has(key) && (!value || request.query.get(key) === value),
      ) &&
      each.required.every(({ query, header }) =>
        query ? request.query.has(query) : request.headers[header ?? ""] !== undefined,
      );
    if (!fits) continue;
    const labels = Object.fromEntries(
      each.labels.map((label, index) => [label, decodeURIComponent(match[index + 1]!)]),
    );
    return { operation: each.operation, labels };
  }
  return undefined;
}
