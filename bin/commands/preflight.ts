import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { preflightName } from "../../lib/names.ts";
import type { PreflightReport } from "../../lib/workflow/rehearsal.ts";
import { planFileOf } from "../plan-file.ts";
import { type AwsOptions, answer, ofService, stateMachineArn, states } from "./aws.ts";

/** Machine milliseconds between two looks at the rehearsal. */
const LOOK_AGAIN = 500;

/** The rehearsal did not run: another run is under way. */
interface Skipped {
  skipped: string;
}

/** `watchdog preflight PLAN`: could this plan be carried out now? Exit 0 when it could, 1 when not, 3 when it is not known. */
export function addPreflight(program: Command): void {
  program
    .command("preflight")
    .description(
      "could the deployed plan be carried out now: everything exists, is permitted, is restorable; nothing is changed",
    )
    .argument("<plan>", "plan file, or the name of one in plans/")
    .option("--version <version>", "ask about a redeploy of this version too: is it known to be bad")
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nExit code: 0 it could, 1 it could not, 3 nothing was tried because a run is under way. Of a redeploy its steps count, and with --version whether one would be let in now.\n" +
        "\nExamples:\n  watchdog preflight plans/llm-research-lab.yaml\n  watchdog preflight ai-reliability --version 2.4.1\n  watchdog preflight llm-research-lab --json\n",
    )
    .action(async (given: string, options: AwsOptions & { version?: string }) => {
      const { loadPlanOrThrow, planHash } = await import("../../lib/plan/load.ts");
      const plan = loadPlanOrThrow(planFileOf(given));
      return ofService(plan.service, async () => {
        const report = await rehearsed(options, plan.service, options.version);
        if ("skipped" in report) {
          answer(options, `Nothing was tried: ${report.skipped}.`, { service: plan.service, ...report });
          process.exitCode = 3;
          return;
        }
        const deployed = report.plan === planHash(plan);
        const problems = [
          ...(deployed
            ? []
            : ["this file is not what is deployed: deploy it, or check out what was deployed"]),
          ...report.problems,
        ];
        const executable = report.executable && deployed;
        answer(options, text({ ...report, problems, executable }), { ...report, problems, executable });
        const { redeploy } = report;
        const ramp =
          !redeploy || (redeploy.executable && (options.version === undefined || redeploy.refused === ""));
        process.exitCode = executable && ramp ? 0 : 1;
      });
    });
}

/** Starts the rehearsal and waits for what it finds. */
export async function rehearsed(
  options: AwsOptions,
  service: string,
  version?: string,
): Promise<PreflightReport | Skipped> {
  const arn = await stateMachineArn(options, service, undefined, preflightName(service));
  const client = states(options);
  await client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
  const { executionArn } = await client.send(
    new StartExecutionCommand({
      stateMachineArn: arn,
      input: JSON.stringify({ by: "command line", version }),
    }),
  );
  for (;;) {
    const { status, output, error, cause } = await client.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    if (status === "SUCCEEDED") return JSON.parse(output!) as PreflightReport | Skipped;
    if (status !== "RUNNING" && status !== "PENDING_REDRIVE")
      throw new Error(
        `The rehearsal of ${service} ended ${status}: ${error ?? "no error"} ${cause ?? ""}. Nothing was changed. Look at ${executionArn}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

function text(report: PreflightReport): string {
  const { service, at, executable, problems, assumed, steps, redeploy } = report;
  return [
    ...rowLines(steps),
    ...problems,
    ...assumed.map((each) => `Assumed: ${each}.`),
    ...(redeploy ? rampLines(redeploy) : []),
    `${service} at ${at}: the plan ${executable ? "could be carried out" : "could NOT be carried out"}. Nothing was changed.`,
  ].join("\n");
}

function rowLines(steps: PreflightReport["steps"]): string[] {
  const rows = steps.map(({ id, resolvesTo, permitted, of, kind, problems: own }) => [
    id,
    resolvesTo ?? (kind === "check" ? "(a check)" : "not resolved"),
    `${permitted} of ${of}`,
    own.length === 0 ? "none" : String(own.length),
  ]);
  return [
    ...table([["step", "resolves to", "permitted", "problems"], ...rows]),
    "",
    ...steps.flatMap(({ id, problems: own }) => own.map((each) => `${id}: ${each}`)),
  ];
}

/** The ramp: its steps, and whether one would be let in now. */
function rampLines(redeploy: NonNullable<PreflightReport["redeploy"]>): string[] {
  const { executable, steps, refused, lock, freeze, budget, version, knownBad } = redeploy;
  return [
    "",
    "Redeploy, each step as things are now",
    ...rowLines(steps),
    `lock      ${lock}`,
    `freeze    ${freeze}`,
    `budget    ${budget}`,
    `version   ${version || "none was asked about (--version)"}`,
    ...(knownBad.length > 0
      ? [`known bad ${knownBad.join(", ")}: they go out again under another name, or with --fixed`]
      : []),
    `A redeploy ${executable ? "could be carried out" : "could NOT be carried out"}${refused ? `, and would be refused now: ${refused}` : ""}.`,
    "",
  ];
}

/** Columns as wide as their widest cell; the last one as it is. */
function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join("  "),
  );
}
