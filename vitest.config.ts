import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/sequence.ts";

// None of the processes that the tests start compiles the same twice.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules", ".cache", "compiled");

/** Handlers called in the test's own process: they keep their clients, and with them one sandbox's address. */
const KEEP_CLIENTS = "test/lambdas/**/*.test.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/bundles.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Tests on a sandbox wait for its clock much of their time: three for the two processors of a small machine.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: "alone", include: [KEEP_CLIENTS], sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [KEEP_CLIENTS],
          // One process after the other runs many files: the CDK and the SDK's clients are loaded once in each.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
