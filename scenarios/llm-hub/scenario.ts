import { AppConfigClient, ListDeploymentsCommand } from "@aws-sdk/client-appconfig";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type Announced, announceDeployment } from "../announce.ts";
import type { RunningScenario, Scenario } from "../scenario.ts";
import { steadyMilliseconds } from "../steady.ts";
import { until } from "../until.ts";
import { FILL, FLAGS, MIGRATION } from "./data.ts";
import { Load } from "./load.ts";
import { deployFlag, HOST, prepareWorld } from "./prepare.ts";
import { type Digests, digests, hubRows, ofCode, ofDatabase, ofRun } from "./truth.ts";

export const scenario: Scenario = {
  name: "llm-hub",
  summary:
    "Release 1.1.0: the new hub fails on every page, and its migration keeps everybody from saving keys, hub or not",

  async prepare(sandbox, { seed, say, load: share = 1 }): Promise<RunningScenario> {
    const { clock } = sandbox.world;
    const made = await prepareWorld(sandbox, say);
    const load = new Load(made.target, seed, share);
    sandbox.world.onStop(() => load.stop());
    const kept = { before: {} as Digests, hub: 0 };

    const announce = (deployment: Omit<Announced, "service">, startedAt?: number) =>
      announceDeployment(sandbox, { service: "llm-hub", ...deployment }, startedAt);

    return {
      url: `https://${HOST}`,
      figures: () => load.figures(),

      async warmUp() {
        load.start();
        const begun = Date.now();
        await until(
          "Ops Center to answer without errors",
          () => load.figures().errorRate === 0 && Date.now() - begun > steadyMilliseconds(sandbox),
        );
      },

      announceVersion: () =>
        announce({ version: "1.0.0", previousVersion: "0.9.4", stable: true }, made.deployedAt),

      async release() {
        kept.before = await made.withDatabase(digests);
        await announce({ version: "1.1.0", previousVersion: "1.0.0", migration: true });
        await made.withDatabase(async (client) => {
          for (const statement of [...MIGRATION, ...FILL]) await client.query(statement);
          kept.hub = await hubRows(client);
        });
        await made.pipeline.deploy("1.1.0");
        await deployFlag(sandbox, true);
        return [
          "release 1.1.0: migration 002 makes six tables, and a mirror in which every new key fails",
          "release 1.1.0: the hub is on for everybody, and its one query asks for a column that does not exist",
        ];
      },

      async expectations(run) {
        await load.stop();
        const offAt = await flagOffAt(sandbox);
        return [
          ...ofRun(run, load, clock.speed, offAt === undefined ? undefined : clock.toMachine(offAt)),
          ...(await made.withDatabase((client) => ofDatabase(client, kept, load.saved))),
          ...(await ofCode(sandbox, made.pipeline)),
        ];
      },
      stop: () => load.stop(),
    };
  },
};

/** When AppConfig began to give everybody the flag that the run made, sandbox time, epoch milliseconds. */
async function flagOffAt(sandbox: Sandbox): Promise<number | undefined> {
  const { Items = [] } = await new AppConfigClient(sandbox.clientConfig()).send(
    new ListDeploymentsCommand({
      ApplicationId: FLAGS.application.id,
      EnvironmentId: FLAGS.environments[0]!.id,
    }),
  );
  // The first switched the hub off for 1.0.0, the second on for 1.1.0; the third is the run's.
  return Items.find(({ DeploymentNumber }) => DeploymentNumber === 3)?.StartedAt?.getTime();
}
