import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runBuild } from "../../scenarios/llm-research-lab-cluster/builds.ts";
import { drillable, prepareLevels, scenario } from "../../scenarios/llm-research-lab-cluster/scenario.ts";
import { STATE, STATES } from "../../scenarios/llm-research-lab-cluster/terraform.ts";
import { BAD, CLUSTER, GOOD, NAMESPACE } from "../../scenarios/llm-research-lab-cluster/world.ts";
import type { RunningScenario } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench } from "./harness.ts";
import { incident, WHOLE_INCIDENT } from "./incident.ts";

const { here, lacking } = drillable();
for (const [level, missing] of Object.entries(lacking))
  console.warn(`The drill of level ${level} of ${scenario.name} is skipped: ${missing}`);

describe("a release of one workload in Kubernetes", () => {
  let bench: DrillBench;
  let running: Record<string, RunningScenario>;

  beforeAll(async () => {
    bench = await drillBench(scenario.name, {
      speed: "held",
      load: 0.5,
      scenario: {
        ...scenario,
        async prepare(sandbox, options) {
          running = await prepareLevels(sandbox, options, here);
          return Object.values(running)[0]!;
        },
      },
      change: (plan) => {
        Object.assign(plan["watch"] as object, { for: "2m", progress: "2m", settle: "2m" });
        // One release after the other, and each is an incident of its own.
        plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
        plan["followUps"] = [];
      },
    });
  }, 150_000);
  afterAll(() => bench?.close());

  it.each(scenario.levels!.map((name) => [name]))(
    "is taken back in the way in which it was deployed: %s",
    async (level) => {
      if (level in lacking) return expect(running[level]).toBeUndefined();

      const { run, executions, broken, expectations } = await incident(bench, running[level]);

      expect(`${run.status} ${run.error ?? ""} ${run.cause ?? ""}`.trim()).toBe("SUCCEEDED");
      expect(executions).toBe(1);
      expect(expectations.filter(({ held }) => !held)).toEqual([]);
      expect(expectations.length).toBeGreaterThanOrEqual(4);
      expect(broken).toEqual([]);
    },
    WHOLE_INCIDENT,
  );

  describe("that cannot be taken back", () => {
    // Nothing is reported any more, so that no alarm begins a run of its own beside these.
    beforeAll(() => Object.values(running)[0]!.stop());
    beforeEach(() => bench.freeLock());

    it("is not taken back onto a colour without ready pods: refused before anything is changed, and the mail says why", async () => {
      const { apply, get } = bench.sandbox.cluster(CLUSTER);
      const named = { metadata: { name: "llm-research-api-blue", namespace: NAMESPACE } };
      const blue = { apiVersion: "apps/v1", kind: "Deployment", ...named };
      await apply({ ...blue, spec: { replicas: 0 } });
      type Seen = typeof blue & { metadata: never; spec?: unknown; status?: { readyReplicas?: number } };
      await until("blue to be gone", async () => {
        const { status } = await get<Seen>("Deployment", NAMESPACE, named.metadata.name);
        return !status?.readyReplicas;
      });

      const run = await bench.run({ level: "blue-green", reason: "drill" });

      expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
      expect(run.states.filter((name) => name.startsWith("Apply "))).toEqual([]);
      const why = "0 pods of app=llm-research-api, version=blue are ready, and 2 must be";
      expect(run.cause).toContain(why);
      const mail = () => bench.mails().find(({ text }) => text.replaceAll(/\s+/g, " ").includes(why));
      await until("the mail that says so", () => mail() !== undefined);
      expect(mail()!.subject).toMatch(/FAILED/);
    }, 60_000);

    describe.skipIf("terraform" in lacking)("with Terraform", () => {
      const s3 = () => new S3Client({ ...bench.sandbox.clientConfig(), forcePathStyle: true });
      const put = (Key: string, Body: string) =>
        s3().send(new PutObjectCommand({ Bucket: STATES, Key, Body }));
      const state = async () => {
        const { Body } = await s3().send(new GetObjectCommand({ Bucket: STATES, Key: STATE }));
        return Body!.transformToString();
      };
      /** A run by hand that must be refused before anything is changed, and the mail that says why. */
      async function refused(why: string): Promise<void> {
        const run = await bench.run({ level: "terraform", reason: "drill" });

        expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
        expect(run.states.filter((name) => name.startsWith("Apply "))).toEqual([]);
        expect(run.cause).toContain(why);
        const told = () => bench.mails().some(({ text }) => text.replaceAll(/\s+/g, " ").includes(why));
        await until("the mail that says so", told);
        await bench.freeLock();
      }

      it("refuses a state of another lineage, and one that Terraform is at work on", async () => {
        const now = await state();

        await put(STATE, now.replace(/"lineage": "[^"]+"/, '"lineage": "somebody-else"'));
        await refused("they describe different infrastructure");
        await put(STATE, now);
        await put(`${STATE}.tflock`, '{"Operation":"OperationTypeApply"}');
        await refused(`Terraform holds the lock s3://${STATES}/${STATE}.tflock`);
        await s3().send(new DeleteObjectCommand({ Bucket: STATES, Key: `${STATE}.tflock` }));
      }, 60_000);

      it("taken back after a check that fails, it leaves the state as Terraform wrote it", async () => {
        const { apply } = bench.sandbox.cluster(CLUSTER);
        const metadata = { name: "llm-research-embeddings", namespace: NAMESPACE };
        const embeddings = { apiVersion: "apps/v1", kind: "Deployment", metadata };
        await apply({ ...embeddings, spec: { replicas: 0 } });

        const run = await bench.run({ level: "terraform", reason: "drill: nothing answers" });
        await apply({ ...embeddings, spec: { replicas: 1 } });

        expect(run.status).toBe("FAILED");
        expect(run.cause).toMatch(/^reverted\. .*embeddings-answer is failed/);
        expect(JSON.parse(await state()).resources).toMatchObject([{ module: "module.embeddings" }]);
      }, 60_000);

      it("without the earlier state the earlier configuration cannot be applied: the parameter is there already", async () => {
        await expect(runBuild(bench.sandbox, "terraform-apply", { RELEASE: GOOD })).rejects.toThrow(
          /terraform-apply ended FAILED: Error while executing command: .* apply/,
        );
      }, 60_000);
    });

    it.skipIf("helm" in lacking)(
      "with Helm: where the history has no such release, the run says so and what was there is there again",
      async () => {
        const { sandbox } = bench;
        await runBuild(sandbox, "helm-upgrade", { RELEASE: BAD });
        const Detail = JSON.stringify({
          service: scenario.name,
          version: BAD,
          previousVersion: "1.1.0",
          migration: false,
          startedAt: new Date(sandbox.world.clock.now()).toISOString(),
        });
        const Source = "watchdog.deployment";
        await new EventBridgeClient(sandbox.clientConfig()).send(
          new PutEventsCommand({ Entries: [{ Source, DetailType: "Deployment", Detail }] }),
        );

        await until("the deployment to be recorded", async () => {
          const { Items = [] } = await new DynamoDBClient(sandbox.clientConfig()).send(
            new QueryCommand({
              TableName: `${scenario.name}-watchdog`,
              KeyConditionExpression: "pk = :pk",
              ExpressionAttributeValues: { ":pk": { S: `service#${scenario.name}` } },
            }),
          );
          return Items.some(({ deployment }) => deployment?.S?.includes("1.1.0"));
        });

        const run = await bench.run({ level: "helm", reason: "drill: no such revision" });

        expect(run.status).toBe("FAILED");
        expect(run.cause).toMatch(/^reverted\. .*Helm keeps no revision of the release that is wanted/);
        const told = ({ subject, text }: { subject: string; text: string }) =>
          /FAILED/.test(subject) &&
          /RELEASE=1\.1\.0/.test(text) &&
          /keeps no revision/.test(text.replaceAll(/\s+/g, " "));
        await until("the mail that says so", () => bench.mails().some(told));
        type Settings = { apiVersion: string; kind: string; metadata: never; data?: Record<string, string> };
        const { get } = sandbox.cluster(CLUSTER);
        const { data } = await get<Settings>("ConfigMap", NAMESPACE, "llm-research-reports");
        expect(data).toEqual({ WORKERS: "0" });
      },
      60_000,
    );
  });
});
