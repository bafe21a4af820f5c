import type { Decoded, WireRequest } from "../../front/codec/wire.ts";
import type { Service } from "../../service.ts";
import { CreateWorkspace } from "./CreateWorkspace.ts";
import { DescribeWorkspace } from "./DescribeWorkspace.ts";
import { QueryMetrics, type QueryMetricsInput, type QueryMetricsOutput } from "./QueryMetrics.ts";

const QUERY = /^\/workspaces\/([^/]+)\/api\/v1\/(query|query_range)$/;

/** Prometheus' own API below a workspace, which no SDK client speaks. */
function decodeQuery({ method, path, query, body }: WireRequest): Decoded | undefined {
  const [, workspaceId, kind] = QUERY.exec(path) ?? [];
  if (!workspaceId || (method !== "GET" && method !== "POST")) return undefined;
  const parameters = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(body.toString())) parameters.set(name, value);
  const input: QueryMetricsInput = {
    workspaceId,
    range: kind === "query_range",
    parameters: Object.fromEntries(parameters),
  };
  return {
    operation: "QueryMetrics",
    input,
    encode: (output) => {
      const { status, body: said } = output as QueryMetricsOutput;
      return {
        status,
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(said)),
      };
    },
  };
}

/** Amazon Managed Service for Prometheus: workspaces whose queries are really evaluated, as far as the engine goes. */
export const aps: Service = {
  name: "aps",
  client: () => import("@aws-sdk/client-amp"),
  operations: { CreateWorkspace, DescribeWorkspace, QueryMetrics },
  decode: decodeQuery,
};
