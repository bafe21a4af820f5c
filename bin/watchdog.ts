import { Command } from "commander";
import { addAck } from "./commands/ack.ts";
import { addApprove } from "./commands/approve.ts";
import { addDeployed } from "./commands/deployed.ts";
import { addDrill } from "./commands/drill.ts";
import { addFreeze } from "./commands/freeze.ts";
import { addHistory } from "./commands/history.ts";
import { addNotify } from "./commands/notify.ts";
import { addRelease } from "./commands/release.ts";
import { addRun } from "./commands/run.ts";
import { addSandbox } from "./commands/sandbox.ts";
import { addStatus } from "./commands/status.ts";
import { addUndo } from "./commands/undo.ts";
import { addValidate } from "./commands/validate.ts";

const program = new Command("watchdog")
  .description("Rolls a broken service on AWS back, in order, and proves it. One YAML plan a service.")
  .showHelpAfterError("(see watchdog --help)");

for (const add of [
  addDrill,
  addSandbox,
  addValidate,
  addNotify,
  addStatus,
  addHistory,
  addRun,
  addAck,
  addApprove,
  addUndo,
  addDeployed,
  addFreeze,
  addRelease,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (process.env["WATCHDOG_DEBUG"]) console.error(error);
  process.exitCode = 1;
}
