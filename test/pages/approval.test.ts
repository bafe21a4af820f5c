import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import {
  type ApprovalRequest,
  approvalPartition,
  changesHash,
  linkKey,
  requestKey,
} from "../../lib/plan/approval.ts";
import { loadPlanOrThrow, planHash } from "../../lib/plan/load.ts";
import { synthesize } from "../../lib/synthesize.ts";
import { hostOf, openedPort } from "../../sandbox/engines/hosts.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { violations } from "./axe.ts";
import { CHROMIUM, startChromium } from "./chromium.ts";

const SERVICE = "llm-research-lab";
const LEAD = "lead@llm-research.example";
const PHONE = { width: 390, height: 844 };
const DESK = { width: 660, height: 900 };

let folder: string;
let sandbox: Sandbox;
let origin: string;
let plan: string;
let browser: Browser;
let made = 0;

/** Changes as the research lab's preflights resolve them. */
const changes: ApprovalRequest["changes"] = {
  fence: {
    before: { instance: "llm-research-db", roles: ["app"] },
    after: { roles: [] },
    summary: "llm-research-db: app may log in → may not, so that nothing is written to it any more",
  },
  restore: {
    before: { instance: "llm-research-db", restoreTime: "2026-11-21T10:31:00.000Z" },
    after: { instance: "llm-research-db-r-1a2b3c4d", restoreTime: "2026-11-21T10:31:00.000Z" },
    summary:
      "llm-research-db as it was at 2026-11-21T10:31:00.000Z, as the new instance llm-research-db-r-1a2b3c4d; what was written in the last 312 s stays in llm-research-db",
    evidence: [
      "deployment 1.3.0 began 2026-11-21T10:31:05.000Z, less a margin of 5 s",
      "RDS can restore 2026-11-14T02:00:11.000Z to 2026-11-21T10:35:48.000Z",
    ],
  },
  "database-address": {
    before: { value: "llm-research-db.c1example.us-east-1.rds.amazonaws.com" },
    after: { value: "llm-research-db-r-1a2b3c4d.c1example.us-east-1.rds.amazonaws.com" },
    summary: "db.llm-research.internal CNAME llm-research-db.… → llm-research-db-r-1a2b3c4d.…",
  },
};

/** A question and a link to it, as `lambdas/approval` writes them; the link's address. */
async function asked(
  more: { state?: string; because?: string; plan?: string; left?: number } = {},
): Promise<string> {
  made += 1;
  const now = sandbox.world.clock.now();
  const iso = (at: number) => new Date(at).toISOString();
  const run: ApprovalRequest["run"] = {
    id: `error-rate-immediate-${made}a2b3c4d5e6f`,
    service: SERVICE,
    startedAt: iso(now - 95_000),
    generation: 1,
    dryRun: false,
    reason: "ErrorRate > 10",
    trigger: { type: "event", criterion: "c", source: "s", detailType: "d", at: iso(now) },
    deployment: { version: "1.3.0", startedAt: iso(now - 400_000) },
    plan: more.plan ?? plan,
  };
  const request: ApprovalRequest = {
    run,
    decision: {
      level: "full",
      rule: "error-rate-immediate",
      because: more.because ?? "ErrorRate > 10 for 120 s; deployment 1.3.0 began 5 min before",
    },
    hash: changesHash(run, "full", changes),
    changes,
    asking: {
      approvers: [LEAD],
      expiresAt: iso(now + (more.left ?? 3_540_000)),
      atDeadline: { action: "hold", because: "data is touched by fence, restore" },
      dataSteps: ["restore"],
      expected: { changeSeconds: 252, watchSeconds: 1_980 },
    },
    askedAt: iso(now - 20_000),
  };
  const id = String(made).padStart(43, "A");
  const put = (sk: string, row: Record<string, string>) =>
    new DynamoDBClient(sandbox.clientConfig()).send(
      new PutItemCommand({
        TableName: `${SERVICE}-watchdog`,
        Item: {
          pk: { S: approvalPartition(SERVICE) },
          sk: { S: sk },
          ...Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }])),
        },
      }),
    );
  await put(requestKey(run.id), {
    request: JSON.stringify(request),
    hash: request.hash,
    expiresAt: request.asking.expiresAt,
    state: more.state ?? "open",
    token: "no task waits behind it",
  });
  await put(linkKey(id), { run: run.id, approver: LEAD, seed: "seed" });
  return `${origin}/${id}`;
}

/** A tab, with everything it asked for and everything it complained of. */
async function tab(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: PHONE, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, requests, complaints };
}

const heading = (page: Page) => page.locator("h1").textContent();

describe.skipIf(!CHROMIUM)("the approval page in a browser", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "watchdog-page-"));
    const file = join(folder, "plan.yaml");
    const document = loadPlanOrThrow(`plans/${SERVICE}.yaml`);
    writeFileSync(file, stringify({ ...document, approval: { approvers: [LEAD] } }));
    plan = planHash(loadPlanOrThrow(file));
    sandbox = await createSandbox({ speed: 1 });
    const { stacks } = await synthesize([file], join(folder, "cdk.out"), { rules: false });
    const { outputs } = await sandbox.deploy(join(folder, "cdk.out"), stacks[0]!.name);
    origin = outputs["ApprovalUrl"]!.replace(/\/$/, "");
    const name = new URL(origin).hostname;
    browser = await startChromium({
      [name]: `${hostOf(sandbox.world, name)!.address}:${openedPort(443)}`,
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    { colorScheme: "light" as const, viewport: PHONE },
    { colorScheme: "dark" as const, viewport: PHONE },
    { colorScheme: "light" as const, viewport: DESK },
    { colorScheme: "dark" as const, viewport: { width: 320, height: 568 } },
  ])(
    "reads well: $colorScheme, $viewport.width wide",
    async (options) => {
      const { page, requests, complaints } = await tab(options);
      const url = await asked();
      await page.goto(url);

      expect(await heading(page)).toBe(`Roll back ${SERVICE}?`);
      const file = process.env["SCREENSHOT"];
      if (file && options.viewport === DESK) await page.screenshot({ path: file, fullPage: true });
      await page.locator("details").first().click();
      expect(await violations(page)).toEqual([]);
      // Nothing sticks out to the side, and everything to press is large enough for a thumb.
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      for (const button of await page.locator("button").all())
        expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([`GET ${url}`]);
      await page.context().close();
    },
    60_000,
  );

  it("would not pass with a fault: what is wrong is found", async () => {
    const { page } = await tab();
    await page.goto(await asked());
    await page.evaluate(
      `document.documentElement.removeAttribute("lang"); document.querySelector("main").style.color = "#888"`,
    );

    expect((await violations(page)).map((each) => each.split(":")[0])).toEqual(
      expect.arrayContaining(["html-has-lang", "color-contrast"]),
    );
    await page.context().close();
  }, 60_000);

  it("shows a hostile text as the text it is", async () => {
    const { page } = await tab();
    await page.goto(await asked({ because: "it rose <b>high</b><script>alert(1)</script>" }));

    expect(await page.locator("script, b").count()).toBe(0);
    expect(await page.locator("main").textContent()).toContain("<b>high</b><script>alert(1)</script>");
    await page.context().close();
  }, 60_000);

  it("works without script and by keyboard alone: nothing is sent before the confirmation", async () => {
    const { page, requests } = await tab({ javaScriptEnabled: false });
    const url = await asked();
    await page.goto(url);

    await page.getByRole("button", { name: /^Approve/ }).press("Enter");
    expect(requests).toEqual([`GET ${url}`]);
    await page.getByRole("checkbox", { name: /I am lead@llm-research\.example/ }).press("Space");
    await page.getByLabel(/^Reason/).fill("looked at it with the owner of the data");
    await page.getByRole("button", { name: /^Approve/ }).press("Enter");
    await page.waitForLoadState();

    expect(await heading(page)).toBe("Approved");
    expect(requests).toEqual([`GET ${url}`, `POST ${url}`]);
    await page.goto(url);
    expect(await heading(page)).toBe("This is decided already");
    expect(await page.locator("main").textContent()).toContain("looked at it with the owner of the data");
    await page.context().close();
  }, 60_000);

  it("shows every other page as well: decided, unknown, of another plan, expired, and a form without confirmation", async () => {
    const { page } = await tab({ colorScheme: "dark" });
    const open = await asked();
    const seen: (string | null)[] = [];
    const look = async () => {
      seen.push(await heading(page));
      expect(await violations(page)).toEqual([]);
    };
    await page.goto(await asked({ state: "deadline" }));
    await look();
    await page.goto(`${origin}/unknown`);
    await look();
    await page.goto(await asked({ plan: "of yesterday" }));
    await look();
    await page.goto(await asked({ left: -1 }));
    await look();
    await page.goto(open);
    await page.evaluate(`document.querySelector("form").setAttribute("novalidate", "")`);
    await page.getByRole("button", { name: /^Reject/ }).click();
    await page.waitForLoadState();
    await look();
    expect(await page.getByRole("alert").textContent()).toContain("Confirm first");
    await page.getByRole("checkbox").check();
    await page.getByRole("button", { name: /^Reject/ }).click();
    await page.waitForLoadState();
    await look();

    expect(seen).toEqual([
      "This is decided already",
      "This link leads nowhere",
      "The plan was changed since you were asked",
      "The deadline has passed",
      `Roll back ${SERVICE}?`,
      "Rejected",
    ]);
    await page.context().close();
  }, 60_000);
});
