#!/usr/bin/env node
// Starts the command line on the Node.js that the project pins, wherever the machine's own is too old to run
// TypeScript (before 22.18). Plain JavaScript, since it must run on Node.js 20.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const main = join(dirname(fileURLToPath(import.meta.url)), "watchdog.ts");
// What is published is the library for CDK apps: the commands and the sandbox are run from the repository.
if (!existsSync(main)) {
  console.error(
    "The published package holds the library for CDK apps, without the command line. Clone the project's repository, run npm ci there, and npx watchdog in it.",
  );
  process.exit(1);
}
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import(main);
} else {
  const pinned = join(dirname(main), "..", "node_modules", "node", "bin", "node");
  if (!existsSync(pinned)) {
    console.error(
      `Node.js ${process.versions.node} cannot run this, and the pinned one is not installed. Run: npm ci`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
}
