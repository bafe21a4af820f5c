import { Command } from "commander";
import { addDrill } from "./commands/drill.ts";
import { addFreeze } from "./commands/freeze.ts";
import { addRelease } from "./commands/release.ts";
import { addSandbox } from "./commands/sandbox.ts";
import { addValidate } from "./commands/validate.ts";

const program = new Command("watchdog")
  .description("Rolls a broken service on AWS back, in order, and proves it. One YAML plan a service.")
  .showHelpAfterError("(see watchdog --help)");

for (const add of [addDrill, addFreeze, addRelease, addSandbox, addValidate]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (process.env["WATCHDOG_DEBUG"]) console.error(error);
  process.exitCode = 1;
}
