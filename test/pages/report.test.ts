import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { htmlReport } from "../../lambdas/report/html.ts";
import { phasesOf } from "../../lambdas/report/phases.ts";
import { practicePage } from "../../lambdas/report/practice-page.ts";
import type { Series } from "../../lambdas/report/series.ts";
import type { PracticeReportEvent, ReportEvent } from "../../lambdas/runtime/protocol.ts";
import { report, run } from "../lambdas/events.ts";
import { violations } from "./axe.ts";
import { CHROMIUM, startChromium } from "./chromium.ts";

const AT = "2026-01-08T11:20:00.000Z";

/** An error rate that was well, broke with the release, and was well again after the switch. */
function series(event: ReportEvent): Series[] {
  const phases = phasesOf(event, Date.parse(AT));
  const from = phases.from - 900_000;
  const points: Series["points"] = [];
  for (let at = from; at < phases.to; at += 60_000) {
    if (at === from + 240_000) continue; // a period without data
    const broken = at >= phases.from && at < (phases.recovered ?? phases.to);
    points.push({ at, value: broken ? 48 : 0.4 });
  }
  return event.metrics.map((metric) => ({ metric, points, from, phases }));
}

const failure = { error: "WorkFailed", cause: "RDS gave up. ".repeat(20), state: "Poll restore", at: AT };
const PAGES: Record<string, ReportEvent> = {
  "of a run that was rolled back": report({
    watch: { round: 30, of: 30, passed: 30, inconclusive: 0, everySeconds: 60 },
  }),
  "of a run that needs a person": report({
    outcome: "failed",
    ending: "needs a person",
    failure,
    reverts: [
      { step: "address", reverted: true, note: "db.lab.internal is lab-db" },
      { step: "restore", reverted: false, note: "not undone after 900 seconds" },
    ],
  }),
  "of a run that was refused": report({
    outcome: "failed",
    ending: "refused",
    run: { ...run, trigger: { type: "manual", by: "Ada" } },
    decision: null,
    changes: {},
    measurements: [],
    checks: [],
    metrics: [],
    timeline: [{ at: "2026-01-08T10:38:10.000Z", state: "Preflight restore" }],
    failure,
  }),
};
/** A practice that went well and left its copy behind. */
const PRACTICE: PracticeReportEvent = {
  verb: "practice",
  run: { ...run, practice: true },
  assumed: ["a release that began to do damage at 2026-01-08T10:30:00.000Z"],
  changes: {
    restore: {
      before: {},
      after: {},
      summary: "lab-db as it was at 2026-01-08T10:29:55.000Z, as the new instance lab-db-p-0a1b2c3d",
      evidence: ["RDS can restore 2026-01-01T10:00:00.000Z to 2026-01-08T10:38:00.000Z"],
      recoverable: { until: "2026-01-08T10:38:00.000Z", seenAt: "2026-01-08T10:40:00.000Z" },
    },
  },
  steps: {},
  measurements: [
    { check: "rows", verdict: "passed", value: "0", limit: "= 0", evidence: ["SELECT count(*)"], at: AT },
  ],
  timeline: [
    { at: "2026-01-08T10:40:00.000Z", state: "Preflight: restore data" },
    { at: "2026-01-08T10:40:20.000Z", state: "restore data" },
    { at: "2026-01-08T10:47:00.000Z", state: "Restored and checked" },
    { at: "2026-01-08T10:47:01.000Z", state: "Cleaned up" },
  ],
  failure: null,
  restoredAt: "2026-01-08T10:47:00.000Z",
  left: [
    {
      arn: "arn:aws:rds:eu-central-1:123456789012:db:lab-db-p-0a1b2c3d",
      why: "lab-db-p-0a1b2c3d was not deleted: Cannot delete protected DB Instance",
      usdPerDay: 8.02,
    },
  ],
  cleanFailure: null,
  objectives: { restore: 900, loss: 300 },
};
const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };

describe.skipIf(!CHROMIUM)("the report in a browser, from disk", () => {
  let browser: Browser;
  let folder: string;
  const asked: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "watchdog-report-"));
    browser = await startChromium({});
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page as a person does: a file, with nothing else beside it. */
  async function open(
    name: string,
    options: { size?: keyof typeof SIZES; dark?: boolean; html?: string } = {},
  ): Promise<Page> {
    const file = join(folder, "report.html");
    writeFileSync(file, options.html ?? htmlReport(PAGES[name]!, AT, series(PAGES[name]!)));
    const context = await browser.newContext({
      viewport: SIZES[options.size ?? "desk"],
      colorScheme: options.dark ? "dark" : "light",
      offline: true,
    });
    const page = await context.newPage();
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  const cases = Object.keys(PAGES).flatMap((name) =>
    (["phone", "desk"] as const).flatMap((size) => [false, true].map((dark) => ({ name, size, dark }))),
  );

  it.each(cases)(
    "$name, $size, dark $dark: no violation of any axe rule, nothing wider than the screen",
    async (each) => {
      const page = await open(each.name, each);
      const file = process.env["REPORT_SCREENSHOTS"];
      if (file)
        await page.screenshot({
          path: join(
            file,
            `${each.name.replaceAll(" ", "-")}-${each.size}-${each.dark ? "dark" : "light"}.png`,
          ),
          fullPage: true,
        });
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      const found = await violations(page);
      await page.context().close();

      expect(found).toEqual([]);
      expect(wide).toBeLessThanOrEqual(0);
    },
    60_000,
  );

  it("of a practice too, on a phone in the dark: no violation, nothing wider than the screen", async () => {
    const page = await open("of a practice", { size: "phone", dark: true, html: practicePage(PRACTICE, AT) });
    const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    const found = await violations(page);
    const title = await page.locator("h1").textContent();
    await page.context().close();

    expect(found).toEqual([]);
    expect(wide).toBeLessThanOrEqual(0);
    expect(title).toContain("NOT all of it was cleaned up");
  }, 60_000);

  it("would not pass with a fault: a picture without a name is found", async () => {
    const page = await open("of a run that was rolled back");
    await page.evaluate('document.querySelector("svg.chart").removeAttribute("aria-label")');
    const found = await violations(page);
    await page.context().close();

    expect(found.map((each) => each.split(":")[0])).toContain("svg-img-alt");
  });

  it("asks for nothing but itself", async () => {
    asked.length = 0;
    const page = await open("of a run that was rolled back");
    await page.waitForLoadState("networkidle");
    await page.context().close();

    expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it("draws the metric within its picture, with its threshold and the moments of the run", async () => {
    const page = await open("of a run that was rolled back", { size: "phone" });
    const picture = await page.locator("svg.chart").first().boundingBox();
    const curve = await page.locator(".curve").first().boundingBox();
    const letters = await page.locator(".letter").allTextContents();
    await page.context().close();

    expect(picture!.width).toBeGreaterThan(300);
    expect(curve!.x).toBeGreaterThanOrEqual(picture!.x);
    expect(curve!.y).toBeGreaterThanOrEqual(picture!.y);
    expect(curve!.x + curve!.width).toBeLessThanOrEqual(picture!.x + picture!.width);
    expect(curve!.y + curve!.height).toBeLessThanOrEqual(picture!.y + picture!.height);
    expect(letters).toEqual(["R", "A", "V"]);
  });

  it("prints on paper with everything on it", async () => {
    const page = await open("of a run that was rolled back", { dark: true });
    const paper = await page.pdf({ format: "A4" });
    await page.context().close();

    expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
    expect(paper.length).toBeGreaterThan(20_000);
  });
});
