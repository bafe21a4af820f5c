import type * as z from "zod";
import type { Context } from "../../runtime/context.ts";
import { WatchdogError } from "../../runtime/errors.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { signed } from "../../runtime/signed.ts";
import { judge, type Series } from "./judge.ts";
import { prometheusCheck } from "./spec.ts";

type Input = z.output<typeof prometheusCheck.input>;
type Point = [seconds: number, value: string];

/** `data` of an answer. https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
type Data =
  | { resultType: "scalar"; result: Point }
  | { resultType: "vector"; result: { metric: Record<string, string>; value: Point }[] }
  | { resultType: "matrix"; result: { metric: Record<string, string>; values: Point[] }[] };

interface Answered {
  status?: string;
  data?: Data;
  warnings?: string[];
  errorType?: string;
  error?: string;
  message?: string;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const seconds = (duration: string) => Number.parseInt(duration, 10) * UNITS[duration.at(-1)!]!;

/** Series shown in the evidence. */
const SHOWN = 5;

const numberOf = ([, text]: Point) => Number(text.replace(/^([+-]?)Inf$/, "$1Infinity"));
const nameOf = ({ __name__ = "", ...labels }: Record<string, string>) =>
  `${__name__}{${Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${value}"`)
    .join(", ")}}`;

function seriesOf(data: Data): Series[] {
  if (data.resultType === "scalar") return [{ name: "scalar", values: [numberOf(data.result)] }];
  if (data.resultType === "vector")
    return data.result.map(({ metric, value }) => ({ name: nameOf(metric), values: [numberOf(value)] }));
  return data.result.map(({ metric, values }) => ({ name: nameOf(metric), values: values.map(numberOf) }));
}

function parsedAnswer(body: string): Answered {
  try {
    return JSON.parse(body) as Answered;
  } catch {
    // A gateway's own page: its status is what counts.
    return { message: body.slice(0, 200) };
  }
}

/** What passes is thrown, so that it is asked again; what the query itself is wrong in is an answer. */
function throwWhatPasses(status: number, said: string): void {
  if (status === 429) throw new WatchdogError("Throttled", said);
  if (status === 403)
    throw new WatchdogError(
      "AccessDenied",
      `${said}. Compare the deployed stack with the plan, or look for a policy of the workspace.`,
    );
  if (status >= 500 && status !== 501) throw new WatchdogError("ServiceUnavailable", said);
}

export async function measure(
  input: Input,
  { region, now }: Pick<Context, "region" | "now">,
): Promise<Omit<Measurement, "check" | "at">> {
  const { workspace, query, expect: limit, over, step } = input;
  const end = Math.floor(now() / 1000);
  const start = end - (over ? seconds(over) : 0);
  const when: Record<string, string> = over
    ? { start: String(start), end: String(end), step: String(seconds(step)) }
    : { time: String(end) };
  const instant = (epoch: number) => new Date(epoch * 1000).toISOString();
  const evidence = [
    query,
    `${workspace}, ${over ? `${instant(start)} to ${instant(end)} every ${step}` : instant(end)}`,
  ];
  const { status, body } = await signed(
    {
      service: "aps",
      host: `aps-workspaces.${region}.amazonaws.com`,
      path: `/workspaces/${workspace}/api/v1/${over ? "query_range" : "query"}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query, ...when }).toString(),
    },
    { region, now },
  );
  const { data, warnings = [], errorType, error, message } = parsedAnswer(body);
  if (status !== 200 || !data) {
    const said = `Managed Prometheus answered ${status} for ${workspace}: ${[errorType, error ?? message].filter(Boolean).join(": ") || "nothing"}`;
    throwWhatPasses(status, said);
    return { verdict: "error", limit, evidence: [...evidence, said] };
  }
  const series = seriesOf(data);
  const { worst, ...judged } = judge(series, input);
  const ordered = series.toSorted((a, b) => Number(b.name === worst) - Number(a.name === worst));
  return {
    ...judged,
    limit,
    evidence: [
      ...evidence,
      ...ordered
        .slice(0, SHOWN)
        .map(({ name, values }) => `${name}: ${values.slice(-20).join(", ") || "no values"}`),
      ...(series.length > SHOWN ? [`and ${series.length - SHOWN} more series`] : []),
      ...(series.length === 0 ? ["no series"] : []),
      ...warnings.map((warning) => `Managed Prometheus warns: ${warning}`),
    ],
  };
}

export const handler = serveCheck(prometheusCheck, measure);
