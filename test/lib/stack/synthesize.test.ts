import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { PlanError } from "../../../lib/plan/problem.ts";
import { accountSummary, counted, overQuota } from "../../../lib/quotas.ts";
import { synthesize } from "../../../lib/synthesize.ts";

const PLAN = "plans/llm-research-lab.yaml";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchdog-synthesize-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The research lab's plan with some of its text changed, in a file of its own. */
function planFile(name: string, change: (document: ReturnType<typeof parseDocument>) => void): string {
  const document = parseDocument(readFileSync(PLAN, "utf8"));
  change(document);
  const file = join(folder, name);
  writeFileSync(file, document.toString());
  return file;
}

const withoutMetadata = (file: string) => {
  const template = JSON.parse(readFileSync(file, "utf8")) as {
    Resources: Record<string, { Metadata?: unknown }>;
  };
  for (const resource of Object.values(template.Resources)) delete resource.Metadata;
  return template;
};

/** Runs `bin/app.ts` as the CDK's command line does. */
const app = (outdir: string, context: Record<string, string> = {}) =>
  spawnSync(process.execPath, ["bin/app.ts"], {
    encoding: "utf8",
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });

describe("synthesis", () => {
  it("says what a plan takes of its stack's and its account's quotas", async () => {
    const { stacks, summary } = await synthesize([PLAN], folder);

    expect(stacks.map(({ name }) => name)).toEqual(["LlmResearchLabWatchdog"]);
    expect(stacks[0]!.summary).toMatch(/^\d+ of 500 resources, \d+ functions, \d+ of 20 roles, /);
    const [, events] = /at most (\d+) of 25000 history events a run$/.exec(stacks[0]!.summary)!;
    expect(Number(events)).toBeGreaterThan(500);
    expect(Number(events)).toBeLessThan(20_000);
    expect(summary).toMatch(/^1 plan: \d+ of an account's 1000 IAM roles, /);
    expect(existsSync(stacks[0]!.templateFile)).toBe(true);
  });

  it("stops with every problem of every plan, and makes nothing", async () => {
    const outdir = join(folder, "out");
    const one = planFile("one.yaml", (document) => document.setIn(["triggers", 0, "threshold"], "a lot"));
    const other = planFile("other.yaml", (document) =>
      document.setIn(["stages", 0, "steps", 0, "action"], "rds-snapshto"),
    );

    const error = await synthesize([one, PLAN, other], outdir).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(PlanError);
    expect(new Set((error as PlanError).problems.map(({ file }) => file))).toEqual(new Set([one, other]));
    expect(existsSync(outdir)).toBe(false);
  });

  it("refuses two plans for one service", async () => {
    const copy = planFile("copy.yaml", () => undefined);

    await expect(synthesize([PLAN, copy], folder)).rejects.toThrow(`is the service of ${PLAN} already`);
  });

  it("refuses to do nothing", async () => {
    await expect(synthesize([], folder)).rejects.toThrow("There is no plan");
  });

  it("refuses what CloudFormation would refuse: a security group that is no id", async () => {
    const file = planFile("vpc.yaml", (document) =>
      document.set("vpc", { id: "vpc-0a1b2c3d", subnets: ["subnet-0a1b2c3d"], securityGroups: ["my-group"] }),
    );

    await expect(synthesize([file], folder)).rejects.toThrow("my-group");
  });
});

describe("`cdk synth`", () => {
  it("makes the template that is drilled", async () => {
    const { stacks } = await synthesize([PLAN], join(folder, "drill"), { rules: false });
    const ran = app(join(folder, "cdk"));

    expect(ran.stderr).toContain("LlmResearchLabWatchdog: ");
    expect(ran.status).toBe(0);
    expect(withoutMetadata(join(folder, "cdk", "LlmResearchLabWatchdog.template.json"))).toEqual(
      withoutMetadata(stacks[0]!.templateFile),
    );
    // Every plan of the tree, each with a look at CloudFormation's own rules.
  }, 120_000);

  it("takes one plan with -c plan=, and fails for a broken one without making anything", () => {
    const outdir = join(folder, "cdk");
    const ran = app(outdir, { plan: planFile("broken.yaml", (document) => document.delete("verify")) });

    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("verify");
    expect(ran.stderr).toContain("Nothing was synthesized.");
    expect(existsSync(outdir)).toBe(false);
  });
});

describe("quotas", () => {
  const template = (type: string, many: number) =>
    counted(
      JSON.stringify({
        Resources: Object.fromEntries(
          Array.from({ length: many }, (_, index) => [`R${index}`, { Type: type }]),
        ),
      }),
    );

  it("hold at their limits, and not above", () => {
    expect(overQuota("S", template("AWS::IAM::Role", 20))).toEqual([]);
    expect(overQuota("S", template("AWS::IAM::Role", 21))).toEqual([expect.stringContaining("21 roles")]);
    expect(overQuota("S", template("AWS::SQS::Queue", 500))).toEqual([]);
    expect(overQuota("S", template("AWS::SQS::Queue", 501))).toEqual([
      expect.stringContaining("501 resources"),
    ]);
    const sized = (bytes: number) => overQuota("S", counted(`{}${" ".repeat(bytes - 2)}`));
    expect(sized(1_000_000)).toEqual([]);
    expect(sized(1_000_001)).toEqual([expect.stringContaining("template of 1000001 bytes")]);
  });

  it("of the account are the sum over plans", () => {
    expect(accountSummary([template("AWS::IAM::Role", 12), template("AWS::IAM::Role", 9)])).toContain(
      "2 plans: 21 of an account's 1000 IAM roles",
    );
  });
});
