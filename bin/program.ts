import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { addAck } from "./commands/ack.ts";
import { addApprove } from "./commands/approve.ts";
import { addBacktest } from "./commands/backtest.ts";
import { addClusterAccess } from "./commands/cluster-access.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDeployed } from "./commands/deployed.ts";
import { addDrill } from "./commands/drill.ts";
import { addDryRun } from "./commands/dry-run.ts";
import { addFreeze } from "./commands/freeze.ts";
import { addHistory } from "./commands/history.ts";
import { addInit } from "./commands/init.ts";
import { addNotify } from "./commands/notify.ts";
import { addPractice } from "./commands/practice.ts";
import { addPreflight } from "./commands/preflight.ts";
import { addReconcile } from "./commands/reconcile.ts";
import { addRedeploy } from "./commands/redeploy.ts";
import { addRelease } from "./commands/release.ts";
import { addReport } from "./commands/report.ts";
import { addRun } from "./commands/run.ts";
import { addSandbox } from "./commands/sandbox.ts";
import { addStatus } from "./commands/status.ts";
import { addUndo } from "./commands/undo.ts";
import { addValidate } from "./commands/validate.ts";

/** The package's own version. */
const version = (): string =>
  (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
    .version;

/** What every command ends with. */
export const EXIT_CODES = {
  0: "done; of `validate` and `drill`: no problem was found, everything expected held",
  1: "not done, or a problem was found; the message says what, what was left as it was, and what to do next",
  2: "wrong usage: an unknown command or option, a missing argument. Nothing was done",
  3: "of `preflight` and `practice`: not known, nothing was tried because a run is under way or the service is frozen",
  130: "interrupted by Ctrl-C or SIGTERM; everything that was started is stopped",
} as const;

/** The command line, with the conventions of the AWS CLI on every command that talks to AWS. */
export function watchdogProgram(): Command {
  const program = new Command("watchdog")
    .description("Rolls a broken service on AWS back, in order, and proves it. One YAML plan a service.")
    .version(version(), "-V, --version", "the version of the watchdog")
    // After a command, --version is that command's own: `watchdog redeploy SERVICE --version 2.4.1`.
    .enablePositionalOptions()
    .showHelpAfterError("(see watchdog --help)")
    // Inherited by the commands added below: the caller decides the exit code.
    .exitOverride();
  for (const add of [
    addDrill,
    addSandbox,
    addInit,
    addValidate,
    addBacktest,
    addClusterAccess,
    addPreflight,
    addDryRun,
    addPractice,
    addNotify,
    addStatus,
    addHistory,
    addReport,
    addReconcile,
    addRun,
    addAck,
    addApprove,
    addUndo,
    addRedeploy,
    addDeployed,
    addFreeze,
    addRelease,
    addCompletion,
  ])
    add(program);
  for (const command of program.commands) likeAwsCli(command);
  return program;
}

/**
 * `--region` and `--profile` before AWS_REGION, AWS_DEFAULT_REGION and AWS_PROFILE, these before the shared
 * configuration; AWS_ENDPOINT_URL is the SDK's own. The SDK does not know AWS_DEFAULT_REGION, the AWS CLI does.
 */
function likeAwsCli(command: Command): void {
  const region = command.options.find(({ long }) => long === "--region");
  if (!region) return;
  region.description ||= "AWS region; else AWS_REGION, AWS_DEFAULT_REGION or the profile's";
  if (!command.options.some(({ long }) => long === "--profile"))
    command.addOption(new Option("--profile <name>", "profile of the AWS CLI; else AWS_PROFILE"));
  command.hook("preAction", () => {
    const { profile } = command.opts<{ profile?: string }>();
    if (profile) process.env["AWS_PROFILE"] = profile;
    const named = process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"];
    if (named) process.env["AWS_REGION"] = named;
    // An empty variable is none, and leaves the profile's region.
    else delete process.env["AWS_REGION"];
  });
}
