import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { breakOf } from "../../bin/drill/breaks.ts";
import { drill } from "../../bin/drill/drill.ts";
import { scenarios } from "../../scenarios/index.ts";
import type { Expectation } from "../../scenarios/scenario.ts";

it("a drill that breaks a call of the rollback shows that it fails loudly and loses nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "watchdog-break-"));
  const silent = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  onTestFinished(() => {
    silent.mockRestore();
    rmSync(folder, { recursive: true });
  });

  await drill({
    planFile: "plans/llm-research-lab.yaml",
    scenario: scenarios["llm-research-lab"]!,
    speed: 60,
    seed: 1,
    breaks: [breakOf("deny:rds:CreateDBSnapshot")],
    outputBase: folder,
    signal: new AbortController().signal,
  });

  const [made] = readdirSync(join(folder, "drills"));
  const { expectations } = JSON.parse(
    readFileSync(join(folder, "drills", made!, "summary.json"), "utf8"),
  ) as { expectations: Expectation[] };
  const found = new Map(expectations.map(({ text, held }) => [text, held]));
  // Times of the invariants are the drill's own business: this one shares its machine with other tests.
  found.delete("what must always hold, held");
  expect([...found]).toEqual([
    ["the run met what the drill broke: deny:rds:CreateDBSnapshot", true],
    ["the run ended by itself, as FAILED", true],
    ["somebody was told that it failed", true],
    ["no other run begins before a person has looked", true],
    ["the old database has every row that it had when the rollback began", true],
    ["no write that the service acknowledged is lost", true],
  ]);
}, 240_000);
