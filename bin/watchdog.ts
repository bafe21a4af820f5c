import { CommanderError } from "commander";
import { plainly } from "./plainly.ts";
import { watchdogProgram } from "./program.ts";

try {
  await watchdogProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    console.error(error instanceof Error ? plainly(error) : String(error));
    if (process.env["WATCHDOG_DEBUG"]) console.error(error);
    process.exitCode = 1;
  }
}
