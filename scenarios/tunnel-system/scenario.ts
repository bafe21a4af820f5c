import { announceDeployment } from "../announce.ts";
import type { RunningScenario, Scenario } from "../scenario.ts";
import { steadyMilliseconds } from "../steady.ts";
import { until } from "../until.ts";
import { ask, Clients } from "./clients.ts";
import { deploy, deployProxy, EDGE, MANIFEST, prepareWorld, WEB } from "./prepare.ts";
import { BAD, GOOD, OLDER } from "./service.ts";
import { expectations } from "./truth.ts";

export const scenario: Scenario = {
  name: "tunnel-system",
  summary: `Release ${BAD} brings a wrong certificate, a broken nginx site, a broken API and a wrong token, and sends clients to a new release`,

  async prepare(sandbox, { seed, say, load = 1 }): Promise<RunningScenario> {
    const made = await prepareWorld(sandbox, { seed, say });
    const target = { address: made.web.address, name: WEB.name, caPem: made.caPem, token: made.token };
    const clients = new Clients(sandbox, target, load);
    const stop = async () => clients.stop();
    sandbox.world.onStop(stop);

    const announce = (version: string, previousVersion: string, stable = false) =>
      announceDeployment(sandbox, { service: "tunnel-system", version, previousVersion, stable });
    const fromEdge = () =>
      ask({ ...target, address: made.edge.address, name: EDGE, token: "" }, `/${MANIFEST}`);

    return {
      url: `https://${WEB.name}`,
      figures: () => ({ errorRate: clients.errorRate, requestsPerSecond: clients.requestsPerSecond }),

      async warmUp() {
        await clients.remember(4);
        clients.start();
        const begun = Date.now();
        await until("the clients to reach the service without errors", () => {
          if (Date.now() - begun < steadyMilliseconds(sandbox)) return false;
          return clients.errorRate === 0 && clients.connectionFailures === 0;
        });
      },

      // Its watch was completed long ago.
      announceVersion: () => announce(GOOD, OLDER, true),

      async release() {
        await announce(BAD, GOOD);
        deploy(made.web, made.files.bad.web);
        deploy(made.api, made.files.bad.api);
        made.git("checkout", "--quiet", `v${BAD}`);
        await made.api.init.systemctl(["restart", "tunnel-api"]);
        await deployProxy(made.api, BAD);
        await made.web.init.systemctl(["reload", "nginx"]);
        await made.releases.announce(BAD);
        // The edge had not cached it before; from now on it shows the new one for a day.
        await fromEdge();
        return [
          `release ${BAD}: nginx has a certificate of another name, a wrong port and no upgrade for WebSockets`,
          `release ${BAD}: the API fails on profiles, its token is another, and the streaming proxy refuses bridges`,
          `release ${BAD}: the update manifest sends desktop clients to ${BAD}`,
        ];
      },

      expectations: (run) => expectations(run, made, target, clients),
      stop,
    };
  },
};
