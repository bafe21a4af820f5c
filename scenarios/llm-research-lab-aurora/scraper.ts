import type { Sandbox } from "../../sandbox/sandbox.ts";
import { ServiceClient, type ServiceTarget } from "../service-client.ts";

/** The workspace whose id is written in the plan. */
const WORKSPACE = "ws-0a1b2c3d-0000-4000-8000-5e5ea4c4ab01";
/** Sandbox milliseconds between two scrapes. */
const EVERY = 15_000;
/** Machine milliseconds without a sign of the service after which a scrape has failed. */
const LONGEST = 2_000;

/**
 * What a Prometheus agent does beside a service: it reads `/metrics` over HTTPS every 15 s and writes what is there into
 * a workspace. A scrape that fails writes `up` 0 and nothing else, as Prometheus does.
 */
export function scrape(sandbox: Sandbox, service: ServiceTarget): () => Promise<void> {
  const { clock } = sandbox.world;
  const workspace = sandbox.createPrometheusWorkspace(WORKSPACE);
  const client = new ServiceClient(service, LONGEST);
  const labels = { job: "llm-research-api", instance: `${service.host}:443` };
  let under = Promise.resolve();
  let busy = false;
  const once = async () => {
    const page = await client.request("GET", "/metrics").catch(() => undefined);
    const at = clock.now();
    const up = page?.status === 200;
    for (const line of up ? page.body.split("\n") : []) {
      const [, metric, value] = /^([a-z_:]+) (\S+)$/.exec(line) ?? [];
      if (metric) workspace.write(metric, labels, [[at, Number(value)]]);
    }
    workspace.write("up", labels, [[at, up ? 1 : 0]]);
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
    await client.stop();
  };
}
