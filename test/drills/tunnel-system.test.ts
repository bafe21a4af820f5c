import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { managedHosts } from "../../sandbox/engines/host/index.ts";
import { nginxProgram } from "../../sandbox/sandbox.ts";
import type { Expectation } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench, type EndedExecution } from "./harness.ts";
import { incident, WHOLE_INCIDENT } from "./incident.ts";

const nginx = nginxProgram();
if (!nginx) console.warn("SKIPPED: nginx is not installed, so the tunnel system cannot be drilled");

describe.skipIf(!nginx)(
  "a release that breaks the tunnel system's hosts and sends its clients astray",
  () => {
    let bench: DrillBench;
    let run: EndedExecution;
    let executions: number;
    let broken: string[];
    let expectations: Expectation[];

    beforeAll(async () => {
      // The same plan with a watch of five minutes instead of thirty: five machine seconds.
      bench = await drillBench("tunnel-system", {
        speed: "held",
        load: 0.5,
        change: (plan) => {
          Object.assign(plan["watch"] as object, { for: "5m", progress: "2m" });
          // A busy machine may need a quarter of an hour of the drill's clock; then people are called, and rightly.
          Object.assign(plan["escalation"] as object, { notRestoredAfter: "45m" });
          // The last test starts a run of its own.
          plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s" };
        },
      });
      ({ run, executions, broken, expectations } = await incident(bench));
    }, WHOLE_INCIDENT);
    afterAll(() => bench?.close());

    it("is repaired by one run that succeeds", () => {
      expect({ status: run.status, error: run.error, cause: run.cause }).toMatchObject({
        status: "SUCCEEDED",
      });
      expect(executions).toBe(1);
    });

    it("has its files, certificate, code, manifest and edge back, and keeps what the release had put there", () => {
      expect(expectations.filter(({ held }) => !held)).toEqual([]);
      expect(expectations.length).toBeGreaterThanOrEqual(11);
    });

    it("keeps what must always hold", () => {
      expect(broken).toEqual([]);
    });

    it("puts hosts back before it sends clients anywhere, and the edges forget last", () => {
      const order = ["nginx", "environment", "manifest", "edges"].map((step) =>
        run.states.indexOf(`Apply ${step}`),
      );

      expect(order.every((index) => index >= 0)).toBe(true);
      expect(order).toEqual(order.toSorted((left, right) => left - right));
    });

    it("proves HTTP, WebSocket, certificate, authentication and load", () => {
      expect(run.states).toEqual(
        expect.arrayContaining([
          "Check certificate",
          "Check back-again",
          "Check health",
          "Check websocket",
          "Check authentication",
          "Check manifest-at-the-edge",
          "Check load",
        ]),
      );
    });

    it("puts everything back when nginx -t refuses the copies, and the mail says which and why", async () => {
      const { folder } = managedHosts(bench.sandbox.world).get("i-0a7c3e91b5d2f4860")!;
      const file = join(folder, "etc/nginx/sites-enabled/tunnel.conf");
      const before = readFileSync(file, "utf8");
      writeFileSync(`${file}.backup`, "server { lisen 443; }\n");

      const second = await bench.run({ reason: "the copies are broken" });
      const mail = () => bench.mails().find(({ text }) => text.includes("nginx -t refuses"));
      await until("the mail of the failure", () => mail() !== undefined);

      expect(second.status).toBe("FAILED");
      expect(second.states).not.toContain("Apply manifest");
      expect(readFileSync(file, "utf8")).toBe(before);
      expect(mail()!.text).toContain('unknown directive "lisen"');
      expect(mail()!.text).toContain("i-0a7c3e91b5d2f4860");
    }, 120_000);
  },
);
