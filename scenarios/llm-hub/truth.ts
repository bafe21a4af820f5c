import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CodePipelineClient, GetPipelineStateCommand } from "@aws-sdk/client-codepipeline";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import type pg from "pg";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { inOrder, oneGoodRun } from "../one-good-run.ts";
import type { EndedRun, Expectation } from "../scenario.ts";
import { HUB_TABLES } from "./data.ts";
import { NAME, type Pipeline, TASKS } from "./images.ts";
import type { Load } from "./load.ts";

/** Digests of what the migration must leave alone. Keys grow with the load, so only the seeded ones are compared. */
const KEPT = {
  users: "SELECT md5(string_agg(u::text, ',' ORDER BY id)) AS digest FROM users u",
  models: "SELECT md5(string_agg(m::text, ',' ORDER BY id)) AS digest FROM models m",
  "seeded keys":
    "SELECT md5(string_agg(k::text, ',' ORDER BY id)) AS digest FROM provider_keys k WHERE hint LIKE 'hint-%'",
  "the old pages' trigger and function":
    "SELECT md5(string_agg(pg_get_triggerdef(oid), ',' ORDER BY oid) || (SELECT string_agg(pg_get_functiondef(p.oid), ',' ORDER BY p.oid) FROM pg_proc p WHERE proname = 'update_updated_at_column')) AS digest FROM pg_trigger WHERE tgname = 'provider_keys_updated'",
};

export type Digests = Record<string, string>;

export async function digests(client: pg.Client): Promise<Digests> {
  const found: Digests = {};
  for (const [name, query] of Object.entries(KEPT)) found[name] = (await client.query(query)).rows[0].digest;
  return found;
}

/** Rows of the hub's tables, all together. */
export async function hubRows(client: pg.Client): Promise<number> {
  let sum = 0;
  for (const table of HUB_TABLES)
    sum += Number((await client.query(`SELECT count(*) FROM ${table}`)).rows[0].count);
  return sum;
}

/** What must be so in the database after the run. */
export async function ofDatabase(
  client: pg.Client,
  kept: { before: Digests; hub: number },
  saved: string[],
): Promise<Expectation[]> {
  const now = await digests(client);
  const other = Object.keys(kept.before).filter((name) => now[name] !== kept.before[name]);
  const { rows: left } = await client.query(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'llm\\_%'",
  );
  const { rows: copies } = await client.query(
    "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'r' AND obj_description(c.oid) LIKE 'table public.llm\\_%' AND relname LIKE 'kept%'",
  );
  let copied = 0;
  for (const { name } of copies)
    copied += Number((await client.query(`SELECT count(*) FROM ${name}`)).rows[0].count);
  const { rows: missing } = await client.query(
    "SELECT hint FROM unnest($1::text[]) hint WHERE NOT EXISTS (SELECT FROM provider_keys k WHERE k.hint = hint.hint)",
    [saved],
  );
  return [
    {
      text: "no table of the hub is left, and everything older is as it was",
      held: left.length === 0 && other.length === 0,
      detail: `${left.length} left; ${other.join(", ") || "nothing"} changed`,
    },
    {
      text: "every row of the hub is kept beside the database's own tables",
      held: copied === kept.hub && kept.hub > 0,
      detail: `${copied} of ${kept.hub} rows in rollback_watchdog`,
      lost: kept.hub - copied,
    },
    {
      text: "no key that was saved is lost",
      held: missing.length === 0 && saved.length > 0,
      detail: `${saved.length} acknowledged, ${missing.length} missing`,
      lost: missing.length,
    },
  ];
}

/** What must be so of code, image, scaling and pipeline. */
export async function ofCode(sandbox: Sandbox, pipeline: Pipeline): Promise<Expectation[]> {
  const aws = sandbox.clientConfig();
  const { taskDefinition, tasks } = await pipeline.running();
  const { imageDetails } = await new ECRClient(aws).send(
    new DescribeImagesCommand({ repositoryName: NAME, imageIds: [{ imageTag: "1.1.0" }] }),
  );
  const tags = imageDetails![0]!.imageTags!;
  const { ScalableTargets } = await new ApplicationAutoScalingClient(aws).send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }),
  );
  const suspended = Object.values(ScalableTargets![0]!.SuspendedState!).some(Boolean);
  const { stageStates } = await new CodePipelineClient(aws).send(new GetPipelineStateCommand({ name: NAME }));
  const open = stageStates!.every(({ inboundTransitionState }) => inboundTransitionState?.enabled);
  return [
    {
      text: "the code of 1.0.0 runs, with as many tasks as before",
      held: taskDefinition === `${NAME}:2` && tasks === TASKS,
      detail: `${taskDefinition}, ${tasks} tasks`,
    },
    {
      text: "the image of 1.1.0 is in quarantine, and was not deleted",
      held: tags.includes("1.1.0") && tags.some((tag) => tag.startsWith("quarantined-")),
      detail: tags.join(", "),
    },
    {
      text: "scaling goes on and the pipeline is open again after the watch",
      held: !suspended && open,
      detail: `scaling ${suspended ? "suspended" : "on"}, pipeline ${open ? "open" : "closed"}`,
    },
  ];
}

/** What must be so of the run, and of how soon users were out of the hub. */
export function ofRun(
  run: EndedRun,
  load: Load,
  speed: number,
  flagOffAt: number | undefined,
): Expectation[] {
  const on = load.flagSeen.findLast(({ enabled }) => enabled)?.at;
  const seconds =
    on === undefined || flagOffAt === undefined ? undefined : Math.max(0, (on - flagOffAt) / 1000) * speed;
  const order = ["hub off", "stop", "back up", "undo migration", "old code"];
  return [
    ...oneGoodRun(run),
    inOrder("the flag first, then everything else in the runbook's order", run, order),
    {
      text: "nobody got the hub 30 seconds after its flag was off",
      held: seconds !== undefined && seconds <= 30,
      detail:
        seconds === undefined
          ? "the flag was never seen on, or never switched off"
          : `${seconds.toFixed(0)} s`,
    },
  ];
}
