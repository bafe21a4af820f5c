import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { oneGoodRun } from "../one-good-run.ts";
import type { EndedRun, Expectation } from "../scenario.ts";
import { DATABASE, type WithAdmin } from "./database.ts";
import type { Load } from "./load.ts";
import * as manifests from "./manifests.ts";
import { compare, type Digest } from "./truth.ts";

/** An object of the cluster, as far as it is looked at. */
interface Seen {
  apiVersion: string;
  kind: string;
  metadata: never;
  data?: Record<string, string>;
  spec: {
    minReplicas: number;
    maxReplicas: number;
    template: Template;
    containers: Template["spec"]["containers"];
  };
  status?: { conditions?: { type: string; status: string }[] };
}
interface Template {
  spec: { containers: { image: string }[] };
}

/** Compares the cluster and both databases with the truth that was kept aside. */
export async function expectations(
  run: EndedRun,
  sandbox: Sandbox,
  {
    withAdmin,
    kept,
    load,
  }: { withAdmin: WithAdmin; kept: { restarts: number; before: Digest; damaged: Digest }; load: Load },
): Promise<Expectation[]> {
  const found: Expectation[] = [
    ...oneGoodRun(run),
    {
      text: "the release really crash-looped",
      held: kept.restarts >= 2,
      detail: `a container was restarted ${kept.restarts} times`,
    },
    ...(await clusterIsBack(sandbox)),
    await imageIsMarked(sandbox),
  ];
  const restore = run.changes["restore"]?.after as { instance?: string; restoreTime?: string } | undefined;
  if (!restore?.instance || !restore.restoreTime) {
    found.push({ text: "the database was restored", held: false, detail: "the run resolved no restore" });
    return found;
  }
  const restorePoint = sandbox.world.clock.toMachine(Date.parse(restore.restoreTime));
  await withAdmin(DATABASE, (old) =>
    withAdmin(restore.instance!, async (restored) => {
      const { before, damaged } = kept;
      found.push(
        ...(await compare({ restored, old, before, damaged, writes: load.acknowledged, restorePoint })),
      );
    }),
  );
  return found;
}

async function imageIsMarked(sandbox: Sandbox): Promise<Expectation> {
  const { imageDetails: [image] = [] } = await new ECRClient(sandbox.clientConfig()).send(
    new DescribeImagesCommand({ repositoryName: manifests.NAME, imageIds: [{ imageTag: "0.2.0" }] }),
  );
  const tags = image?.imageTags ?? [];
  return {
    text: "the image of 0.2.0 is marked, and still there",
    held: tags.some((tag) => tag.startsWith("quarantined-")),
    detail: `tags ${tags.join(", ")}`,
  };
}

async function clusterIsBack(sandbox: Sandbox): Promise<Expectation[]> {
  const { get, list } = sandbox.cluster(manifests.CLUSTER);
  const { NAMESPACE, NAME, GOOD_IMAGE, BAD_IMAGE, GOOD_SETTINGS } = manifests;
  const pods = await list<Seen>("Pod", NAMESPACE, `app=${NAME}`);
  const ready = pods.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  const good = ready.filter(({ spec }) => spec.containers[0]!.image === GOOD_IMAGE);
  const sets = await list<Seen>("ReplicaSet", NAMESPACE, `app=${NAME}`);
  const keptSet = sets.some(({ spec }) => spec.template.spec.containers[0]!.image === BAD_IMAGE);
  const { data } = await get<Seen>("ConfigMap", NAMESPACE, "orchestrator-config");
  const { spec: scaler } = await get<Seen>("HorizontalPodAutoscaler", NAMESPACE, NAME);
  return [
    {
      text: "three pods of 0.1.1 are ready, and no other runs",
      held: good.length === 3 && pods.length === 3,
      detail: `${good.length} of ${pods.length} pods ready with ${GOOD_IMAGE.split("/")[1]}`,
    },
    {
      text: "release 0.2.0 is still in the deployment's history",
      held: keptSet,
      detail: `${sets.length} revisions`,
    },
    {
      text: "the config map is the one from before the release",
      held: JSON.stringify(data) === JSON.stringify(GOOD_SETTINGS),
      detail: Object.entries(data ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(", "),
    },
    {
      text: "the autoscaler holds 3 to 10 pods again",
      held: scaler.minReplicas === 3 && scaler.maxReplicas === 10,
      detail: `${scaler.minReplicas} to ${scaler.maxReplicas}`,
    },
  ];
}
