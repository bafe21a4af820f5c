import { request } from "node:https";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { AppSettings } from "../llm-research-lab/app.ts";

/** The workspace whose id is written in the plan. */
const WORKSPACE = "ws-0a1b2c3d-0000-4000-8000-5e5ea4c4ab01";
/** Sandbox milliseconds between two scrapes. */
const EVERY = 15_000;
const NAME = "api.llm-research.internal";

/**
 * What a Prometheus agent does beside a service: it reads `/metrics` over HTTPS every 15 s and writes what is there into
 * a workspace. A scrape that fails writes `up` 0 and nothing else, as Prometheus does.
 */
export function scrape(sandbox: Sandbox, app: Omit<AppSettings, "clock">): () => Promise<void> {
  const { clock } = sandbox.world;
  const workspace = sandbox.createPrometheusWorkspace(WORKSPACE);
  const labels = { job: "llm-research-api", instance: `${NAME}:443` };
  let under = Promise.resolve();
  let busy = false;
  const once = async () => {
    const text = await metricsOf(app);
    const at = clock.now();
    for (const line of text?.split("\n") ?? []) {
      const [, metric, value] = /^([a-z_:]+) (\S+)$/.exec(line) ?? [];
      if (metric) workspace.write(metric, labels, [[at, Number(value)]]);
    }
    workspace.write("up", labels, [[at, text === undefined ? 0 : 1]]);
  };
  const stop = clock.every(EVERY, () => {
    // One that takes longer than the interval is followed by the next when it is over.
    if (busy) return;
    busy = true;
    under = once().finally(() => {
      busy = false;
    });
  });
  return async () => {
    stop();
    await under;
  };
}

/** The page as text; undefined when the service does not answer with it. */
const metricsOf = (app: Omit<AppSettings, "clock">): Promise<string | undefined> =>
  new Promise((resolve) => {
    const sent = request(
      {
        host: app.address,
        port: app.port,
        path: "/metrics",
        ca: app.caPem,
        servername: NAME,
        headers: { host: NAME },
        timeout: 2_000,
        agent: false,
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => resolve(answer.statusCode === 200 ? text : undefined));
        answer.on("error", () => resolve(undefined));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer in 2 s")));
    sent.on("error", () => resolve(undefined));
    sent.end();
  });
