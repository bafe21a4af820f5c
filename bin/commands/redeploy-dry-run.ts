import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import type { PlannedRun, RampOutline } from "../../lib/plan/outline.ts";
import { heldLine, outlineLines } from "../../lib/plan/outline.ts";
import { type AwsOptions, states } from "./aws.ts";

/** Machine milliseconds between two looks at the dry run. */
const LOOK_AGAIN = 500;

/** What a dry run of a ramp found. */
export interface RampDryRun {
  run: string;
  version: string;
  /** Why a ramp would not be let in now; empty when it would. */
  refused: string;
  /** Step of the plan → its change, as things are now. */
  changes: Record<string, { summary: string; evidence?: string[] }>;
  planned: PlannedRun | null;
  outline: RampOutline;
}

/** Whether a ramp that began now would be let in, and its roles could make every call. */
export const isPossible = ({ refused, planned }: RampDryRun): boolean =>
  refused === "" &&
  (planned?.steps ?? []).every(({ calls }) => calls.every(({ allowed }) => allowed)) &&
  planned?.unknown === "";

/** Waits for a dry run's end. */
export async function rampDryRun(options: AwsOptions, executionArn: string): Promise<RampDryRun> {
  for (;;) {
    const { status, output, error, cause } = await states(options).send(
      new DescribeExecutionCommand({ executionArn }),
    );
    if (status === "SUCCEEDED") return JSON.parse(output!) as RampDryRun;
    if (status !== "RUNNING")
      throw new Error(
        `The redeploy could not be carried out: ${error ?? status} ${cause ?? ""}. Nothing was changed. Look at ${executionArn}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

/** For people: step after step of the ramp, each change with its calls. */
export function rampDryRunText(service: string, found: RampDryRun): string {
  const { run, version, refused, changes, planned, outline } = found;
  const callsOf = new Map(planned?.steps.map(({ step, calls }) => [step, calls]));
  const [, ...rest] = outlineLines(outline, planned);
  return [
    `How ${version} of ${service} would go out again, as things are now. Nothing was changed (run ${run}).`,
    ...outline.steps.flatMap((step, index) => [
      "",
      `${index + 1}. ${step.name}: ${heldLine(step)}`,
      ...(step.changes.length === 0 ? ["   changes nothing"] : []),
      ...step.changes.flatMap((id) => {
        const calls = callsOf.get(id) ?? [];
        const wide = Math.max(0, ...calls.map(({ action }) => action.length));
        return [
          `   ${id}: ${changes[id]?.summary ?? "not resolved"}`,
          ...calls.map(
            ({ action, resource, allowed }) =>
              `      would call  ${action.padEnd(wide)}  ${allowed ? "allowed" : "DENIED "}  ${resource}`,
          ),
        ];
      }),
    ]),
    "",
    ...rest.flatMap(([title, lines]) => lines.map((line) => `${title.toLowerCase().padEnd(20)}  ${line}`)),
    refused === "" ? "A redeploy would be let in now." : `A redeploy would be REFUSED now: ${refused}.`,
  ].join("\n");
}
