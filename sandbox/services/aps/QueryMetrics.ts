import { BeyondEngine, QueryRefused } from "../../engines/prometheus/errors.ts";
import { instantQuery, type QueryData, rangeQuery } from "../../engines/prometheus/query.ts";
import { type Call, operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { workspaceArn, workspaceOf } from "./state.ts";

/** A query as it came over HTTP. */
export interface QueryMetricsInput {
  workspaceId: string;
  /** Whether over a range of time. */
  range: boolean;
  parameters: Record<string, string>;
}

/** An answer of Prometheus' own HTTP API. */
export interface QueryMetricsOutput {
  status: number;
  body: { status: "success"; data: QueryData } | { status: "error"; errorType: string; error: string };
}

/** Seconds since the epoch or an RFC 3339 instant → epoch milliseconds. */
function instant(name: string, text: string | undefined, otherwise?: number): number {
  if (text === undefined && otherwise !== undefined) return otherwise;
  const at = /^-?[\d.]+$/.test(text ?? "") ? Number(text) * 1000 : Date.parse(text ?? "");
  if (Number.isNaN(at))
    throw new QueryRefused(
      "bad_data",
      `invalid parameter "${name}": cannot parse "${text ?? ""}" to a valid timestamp`,
    );
  return at;
}

function stepOf(text: string | undefined): number {
  const [, count = "", unit = "s"] = /^([\d.]+)(s|m|h)?$/.exec(text ?? "") ?? [];
  if (count === "")
    throw new QueryRefused(
      "bad_data",
      `invalid parameter "step": cannot parse "${text ?? ""}" to a valid duration`,
    );
  return Number(count) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit]!;
}

function answer({ workspaceId, range, parameters }: QueryMetricsInput, { world }: Call): QueryData {
  const { series } = workspaceOf(world, workspaceId);
  const { query = "", time, start, end, step, ...other } = parameters;
  if (Object.keys(other).length > 0) throw new BeyondEngine(`the parameter ${Object.keys(other).join(", ")}`);
  if (!range) return instantQuery(series, query, instant("time", time, world.clock.now()));
  return rangeQuery(series, query, {
    start: instant("start", start),
    end: instant("end", end),
    step: stepOf(step),
  });
}

/** Evaluates a query at one moment or over a range. https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-APIReference-QueryMetrics.html */
export const QueryMetrics = operation<QueryMetricsInput, QueryMetricsOutput>({
  authorize: ({ workspaceId }, { world }) => [
    { action: "aps:QueryMetrics", resources: [workspaceArn(world, workspaceId)] },
  ],
  run: (input, call) => {
    try {
      return { status: 200, body: { status: "success", data: answer(input, call) } };
    } catch (error) {
      if (error instanceof BeyondEngine) throw notImplemented("aps", `QueryMetrics with ${error.message}`);
      if (!(error instanceof QueryRefused)) throw error;
      const { status, errorType, message } = error;
      return { status, body: { status: "error", errorType, error: message } };
    }
  },
});
