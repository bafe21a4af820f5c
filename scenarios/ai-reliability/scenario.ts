import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { announceDeployment } from "../announce.ts";
import { inOrder, oneGoodRun } from "../one-good-run.ts";
import type { EndedRun, Expectation, RunningScenario, Scenario } from "../scenario.ts";
import { startService } from "../service-process.ts";
import { steadyMilliseconds } from "../steady.ts";
import { until } from "../until.ts";
import type { AppSettings } from "./app.ts";
import { BROKEN } from "./code.ts";
import { configure } from "./configuration.ts";
import { CONFIG, CORRUPTION, MINIMUM_LENGTH, SETTINGS } from "./data.ts";
import { liveVersions, releaseFunction } from "./function.ts";
import { Load } from "./load.ts";
import { HOST, prepareWorld } from "./prepare.ts";
import { type Counters, compareCounters, counters } from "./truth.ts";

const LEVELS = ["flag off", "partial", "configuration", "code", "counters"];

export const scenario: Scenario = {
  name: "ai-reliability",
  summary:
    "Release 2.4.0 fails eleven of twelve requests for five reasons; each level takes away one or two, and only the last all",

  async prepare(sandbox, { seed, say, load: share = 1 }): Promise<RunningScenario> {
    const { clock } = sandbox.world;
    const made = await prepareWorld(sandbox, say);
    const service = await startService(sandbox, new URL("./app.ts", import.meta.url), {
      ...made.app,
      clock: { origin: clock.origin, speed: clock.speed },
    } satisfies AppSettings);
    const { figures } = service;

    const { address, port, token } = made.app;
    const load = new Load({ address, port, host: HOST, caPem: made.caPem, token }, seed, share);
    // Also on Ctrl-C: the sandbox stops what was started in it, newest first.
    const stop = async () => {
      await load.stop();
      await service.stop();
    };
    sandbox.world.onStop(stop);

    const announce = (version: string, previousVersion: string) =>
      announceDeployment(sandbox, { service: "ai-reliability", version, previousVersion });

    const seeded = await made.withDatabase(counters);
    let damaged: Counters = seeded;

    return {
      url: `https://${HOST}`,
      figures: () => figures,

      async warmUp() {
        load.start();
        const begun = Date.now();
        await until(
          "the service to answer without errors",
          () => figures.errorRate === 0 && Date.now() - begun > steadyMilliseconds(sandbox),
        );
      },

      announceVersion: () => announce("2.3.1", "2.3.0"),

      async release() {
        await announce("2.4.0", "2.3.1");
        await releaseFunction(sandbox, BROKEN, "2.4.0");
        await configure(sandbox, "broken");
        await made.withDatabase(async (client) => {
          await client.query(CORRUPTION);
          damaged = await counters(client);
        });
        return [
          "release 2.4.0: new code, its flags on, its configuration with another fallback and a longer shortest answer",
          "release 2.4.0: its back-fill writes counters below zero and far above the limit",
        ];
      },

      async expectations(run) {
        await load.stop();
        const now = await made.withDatabase(counters);
        return [
          ...ofRun(run),
          ...(await ofConfiguration(sandbox)),
          ...compareCounters(seeded, damaged, now, load),
        ];
      },
      stop,
    };
  },
};

const ofRun = (run: EndedRun): Expectation[] => [
  ...oneGoodRun(run),
  inOrder("every level was tried, the gentlest first", run, LEVELS),
];

/** What a client of AppConfig gets now. */
async function served(sandbox: Sandbox, profile: string): Promise<unknown> {
  const data = new AppConfigDataClient(sandbox.clientConfig());
  const { InitialConfigurationToken: ConfigurationToken } = await data.send(
    new StartConfigurationSessionCommand({
      ApplicationIdentifier: CONFIG.application.id,
      EnvironmentIdentifier: CONFIG.environments[0]!.id,
      ConfigurationProfileIdentifier: profile,
    }),
  );
  const { Configuration } = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
  return JSON.parse(Buffer.from(Configuration ?? []).toString());
}

async function ofConfiguration(sandbox: Sandbox): Promise<Expectation[]> {
  const flags = await served(sandbox, "flags01");
  const settings = await served(sandbox, "sets001");
  const { Parameter } = await new SSMClient(sandbox.clientConfig()).send(
    new GetParameterCommand({ Name: MINIMUM_LENGTH.name }),
  );
  const live = await liveVersions(sandbox);
  const wanted = {
    "retry-logic": { enabled: false },
    "response-validation": { enabled: true, rolloutPercent: 10, disabledModels: ["north-large"] },
  };
  const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
  return [
    {
      text: "retries are off, validation is on for a tenth and for no answer of north-large",
      held: same(flags, wanted),
      detail: JSON.stringify(flags),
    },
    {
      text: "settings and the shortest answer are those from before the release",
      held: same(settings, SETTINGS.stable) && Parameter?.Value === MINIMUM_LENGTH.stable,
      detail: `${JSON.stringify(settings)}, ${Parameter?.Value}`,
    },
    {
      text: "the code of 2.3.1 gets every call",
      held: same(live, ["1"]),
      detail: `version ${live.join(" and ")} of the function`,
    },
  ];
}
