import { RDSClient } from "@aws-sdk/client-rds";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type Announced, announceDeployment } from "../announce.ts";
import { oneGoodRun } from "../one-good-run.ts";
import type { EndedRun, Expectation, RunningScenario, Scenario } from "../scenario.ts";
import type { ServiceTarget } from "../service-client.ts";
import { startService } from "../service-process.ts";
import { steadyMilliseconds } from "../steady.ts";
import { until } from "../until.ts";
import type { AppSettings, Defects } from "./app.ts";
import { BAD_MIGRATION } from "./data.ts";
import type { LabDatabase } from "./database.ts";
import { Load } from "./load.ts";
import { nothingLost } from "./nothing-lost.ts";
import { prepareWorld } from "./prepare.ts";
import { compare, type Digests, digests, laterRows } from "./truth.ts";

/** A scenario of the research lab: its service and its bad release, on one kind of database. */
export const labScenario = ({
  name,
  summary,
  database,
  observe,
}: {
  name: string;
  summary: string;
  database: LabDatabase;
  /** Looks at the running service in a further way, from its warming up on; answers how that is stopped. */
  observe?(sandbox: Sandbox, service: ServiceTarget): () => Promise<void>;
}): Scenario => ({
  name,
  summary,

  async prepare(sandbox, { seed, say, load: share = 1 }): Promise<RunningScenario> {
    const clock = sandbox.world.clock;
    const made = await prepareWorld(sandbox, database, { seed, say });
    const aws = sandbox.clientConfig();
    const rds = new RDSClient(aws);
    const secrets = new SecretsManagerClient(aws);

    const service = await startService(sandbox, new URL("./app.ts", import.meta.url), {
      ...made.app,
      clock: { origin: clock.origin, speed: clock.speed },
    } satisfies AppSettings);
    const { app, figures } = service;

    const { address, port, caPem, token } = made.app;
    const target = { address, port, host: made.apiHost, caPem, token };
    const load = new Load(target, seed, share);
    // Also on Ctrl-C: the sandbox stops what was started in it, newest first.
    const observed = observe?.(sandbox, target);
    const stop = async () => {
      await observed?.();
      await load.stop();
      await service.stop();
      await made.close();
    };
    sandbox.world.onStop(stop);

    const announce = (deployment: Omit<Announced, "service">) =>
      announceDeployment(sandbox, { service: name, ...deployment });

    const kept = {
      before: await made.withAdmin(database.id, digests),
      damaged: {} as Digests,
    };

    return {
      url: `https://${made.apiHost}`,
      figures: () => figures,

      async warmUp() {
        load.start();
        const begun = Date.now();
        await until("the service to answer without errors and its database to be restorable", async () => {
          if (figures.errorRate === undefined || figures.errorRate > 1) return false;
          if (Date.now() - begun < steadyMilliseconds(sandbox)) return false;
          return database.restorable(rds);
        });
      },

      announceVersion: () => announce({ version: "1.2.2", previousVersion: "1.2.1", migration: false }),

      async release() {
        await announce({ version: "1.3.0", previousVersion: "1.2.2", migration: true });
        await made.withAdmin(database.id, async (client) => {
          for (const statement of BAD_MIGRATION) await client.query(statement);
          kept.damaged = await digests(client);
        });
        await secrets.send(
          new PutSecretValueCommand({
            SecretId: "llm-research/provider-key",
            SecretString: JSON.stringify({ key: made.wrongKey }),
          }),
        );
        return [
          "release 1.3.0: migration 20260115120000 takes the metrics of two thirds of all experiments and a fifth of the prompts",
          "release 1.3.0: a wrong key for the model provider becomes AWSCURRENT",
        ];
      },

      expectations: (run) => expectations(run, sandbox, { database, made, kept, load }),
      nothingLost: () => nothingLost(sandbox, database, made.withAdmin, kept.damaged, load.acknowledged),
      spoil: (defects) =>
        new Promise((resolve) => {
          const answered = ({ type }: { type: string }) => {
            if (type !== "spoiled") return;
            app.off("message", answered);
            resolve();
          };
          app.on("message", answered);
          app.send({ defects } satisfies Defects);
        }),
      stop,
    };
  },
});

async function expectations(
  run: EndedRun,
  sandbox: Sandbox,
  {
    database,
    made,
    kept,
    load,
  }: {
    database: LabDatabase;
    made: Awaited<ReturnType<typeof prepareWorld>>;
    kept: { before: Digests; damaged: Digests };
    load: Load;
  },
): Promise<Expectation[]> {
  const found = oneGoodRun(run);
  const after = run.changes["restore"]?.after ?? {};
  const target = database.restored(after);
  const restoreTime = after["restoreTime"];
  if (!target || typeof restoreTime !== "string") {
    found.push({ text: "the database was restored", held: false, detail: "the run resolved no restore" });
    return found;
  }
  const clock = sandbox.world.clock;
  // Until the fence was begun every acknowledged write went to the old database.
  const fenced = run.enteredAt("Apply fence");
  await made.withAdmin(database.id, (old) =>
    made.withAdmin(target, async (restored) => {
      found.push(
        ...(await compare({
          restored,
          old,
          before: kept.before,
          damaged: kept.damaged,
          writes: load.acknowledged,
          restorePoint: clock.toMachine(Date.parse(restoreTime)),
          fenced: fenced === undefined ? Number.POSITIVE_INFINITY : clock.toMachine(fenced),
        })),
      );
    }),
  );
  // A write that was under way at the restore point may be on either side of it; one of them has it.
  const restorePoint = clock.toMachine(Date.parse(restoreTime));
  const until = fenced === undefined ? Number.POSITIVE_INFINITY : clock.toMachine(fenced);
  found.push(
    laterRows(
      load.acknowledged.filter((write) => write.sentAt > restorePoint && write.acknowledgedAt < until),
      await made.exportedExperiments(),
    ),
  );
  found.push(await made.keyIsBack(), await made.serviceFollowed(target));
  return found;
}
