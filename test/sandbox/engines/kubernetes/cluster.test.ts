import { fileURLToPath } from "node:url";
import { AssociateAccessPolicyCommand, CreateAccessEntryCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostOf, openedPort } from "../../../../sandbox/engines/hosts.ts";
import { pushImage, tokenOf } from "../../../../sandbox/engines/kubernetes/index.ts";
import type { Deployment, KubeService, Pod } from "../../../../sandbox/engines/kubernetes/objects.ts";
import { addFault } from "../../../../sandbox/faults.ts";
import { until } from "../../../../scenarios/until.ts";
import { ask, CLUSTER, type ClusterBench, clusterBench, deployment } from "./bench.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const MERGE = "application/merge-patch+json";
const APP = "registry.example/app:1";
let bench: ClusterBench;
let token: string;

beforeAll(async () => {
  bench = await clusterBench();
  const { world, admin } = bench.test;
  token = await tokenOf(world, CLUSTER, admin.credentials);
  pushImage(world, APP, { command: [process.execPath, fileURLToPath(new URL("app.ts", import.meta.url))] });
});
afterAll(() => bench?.test.close());

describe("who may come in", () => {
  it("a token is good for its cluster, its signer and fifteen minutes, and for nothing else", async () => {
    const { world, admin } = bench.test;
    const at = (minutes: number) => new Date(world.clock.origin - minutes * 60_000);
    const get = async (given: string) => (await ask(bench, given, "GET", DEPLOYMENTS)).status;
    const flipped = Buffer.from(token.slice(11), "base64url")
      .toString()
      .replace(/.$/, (last) => (last === "0" ? "1" : "0"));

    expect(await get(token)).toBe(200);
    expect(await get("")).toBe(401);
    expect(await get(`k8s-aws-v1.${Buffer.from(flipped).toString("base64url")}`)).toBe(401);
    expect(await get(await tokenOf(world, "another", admin.credentials))).toBe(401);
    expect(await get(await tokenOf(world, CLUSTER, admin.credentials, at(16)))).toBe(401);
    expect(await get(await tokenOf(world, CLUSTER, admin.credentials, at(14)))).toBe(200);
  });

  it("a role is a stranger without an access entry, and with one may do what its policy and groups say", async () => {
    const { world } = bench.test;
    const { roleArn, credentials } = await bench.test.as("reader", []);
    const own = await tokenOf(world, CLUSTER, credentials);
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "rbac" }, data: { a: "1" } };
    const maps = "/api/v1/namespaces/default/configmaps";
    await bench.admin.apply(map);
    const stranger = await ask(bench, own, "GET", maps);
    await bench.eks.send(
      new CreateAccessEntryCommand({
        clusterName: CLUSTER,
        principalArn: roleArn,
        kubernetesGroups: ["menders"],
      }),
    );
    const known = await ask(bench, own, "GET", maps);
    await bench.eks.send(
      new AssociateAccessPolicyCommand({
        clusterName: CLUSTER,
        principalArn: roleArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        accessScope: { type: "namespace", namespaces: ["default"] },
      }),
    );
    const viewer = await ask(bench, own, "GET", maps);
    const secrets = await ask(bench, own, "GET", "/api/v1/namespaces/default/secrets");
    const elsewhere = await ask(bench, own, "GET", "/api/v1/namespaces/kube-system/configmaps");
    const refused = await ask(bench, own, "PATCH", `${maps}/rbac`, { data: { a: "2" } }, MERGE);
    const api = "rbac.authorization.k8s.io";
    await bench.admin.apply({
      apiVersion: `${api}/v1`,
      kind: "Role",
      metadata: { name: "mend" },
      rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["rbac"], verbs: ["patch"] }],
    });
    await bench.admin.apply({
      apiVersion: `${api}/v1`,
      kind: "RoleBinding",
      metadata: { name: "mend" },
      subjects: [{ apiGroup: api, kind: "Group", name: "menders" }],
      roleRef: { apiGroup: api, kind: "Role", name: "mend" },
    });
    const bound = await ask(bench, own, "PATCH", `${maps}/rbac`, { data: { a: "2" } }, MERGE);
    const other = await ask(bench, own, "PATCH", `${maps}/other`, { data: { a: "2" } }, MERGE);

    expect([stranger.status, known.status, viewer.status, secrets.status, elsewhere.status]).toEqual([
      401, 403, 200, 403, 403,
    ]);
    expect(refused.body.message).toMatch(
      /^configmaps "rbac" is forbidden: User "arn:aws:sts::\d+:assumed-role\/reader\/test" cannot patch resource "configmaps"/,
    );
    expect([bound.status, other.status]).toEqual([200, 403]);
  });
});

describe("objects", () => {
  it("a change that knows an older version is a conflict; one that knows none is not", async () => {
    const at = `${DEPLOYMENTS}/conflicts`;
    await bench.admin.apply(deployment("conflicts", {}, { replicas: 0 }));
    await bench.rolledOut("conflicts");
    const read = (await ask(bench, token, "GET", at)).body as unknown as Deployment;
    const first = await ask(bench, token, "PATCH", at, { metadata: { labels: { a: "1" } } }, MERGE);
    const stale = { metadata: { resourceVersion: read.metadata.resourceVersion, labels: { a: "2" } } };

    expect(first.status).toBe(200);
    expect((await ask(bench, token, "PATCH", at, stale, MERGE)).body).toMatchObject({
      code: 409,
      reason: "Conflict",
    });
    expect((await ask(bench, token, "PUT", at, read)).body).toMatchObject({ reason: "Conflict" });
    const { deployment: metadata } = { deployment: first.body as unknown as Deployment };
    expect(metadata.metadata.generation).toBe(read.metadata.generation);
  });

  it("takes each kind of patch as Kubernetes does, all of it or nothing", async () => {
    const at = `${DEPLOYMENTS}/patches`;
    const container = {
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
    };
    await bench.admin.apply(deployment("patches", container, { replicas: 0 }));
    const env = (body: unknown) =>
      (body as Deployment).spec!.template.spec.containers[0]!.env!.map(
        ({ name, value }) => `${name}=${value}`,
      );
    const spec = (given: object) => ({
      spec: { template: { spec: { containers: [{ name: "main", ...given }] } } },
    });

    const strategic = await ask(
      bench,
      token,
      "PATCH",
      at,
      spec({
        env: [
          { name: "B", value: "3" },
          { name: "A", $patch: "delete" },
        ],
      }),
      "application/strategic-merge-patch+json",
    );
    const json = await ask(
      bench,
      token,
      "PATCH",
      at,
      [
        { op: "test", path: "/spec/replicas", value: 0 },
        { op: "add", path: "/spec/template/spec/containers/0/env/-", value: { name: "C", value: "4" } },
      ],
      "application/json-patch+json",
    );
    const failed = await ask(
      bench,
      token,
      "PATCH",
      at,
      [
        { op: "replace", path: "/spec/replicas", value: 5 },
        { op: "test", path: "/spec/replicas", value: 0 },
      ],
      "application/json-patch+json",
    );
    const merged = await ask(bench, token, "PATCH", at, { metadata: { labels: { app: null } } }, MERGE);
    const selector = await ask(
      bench,
      token,
      "PATCH",
      at,
      { spec: { selector: { matchLabels: { app: "x" } } } },
      MERGE,
    );

    expect(env(strategic.body)).toEqual(["B=3"]);
    expect(env(json.body)).toEqual(["B=3", "C=4"]);
    expect(failed.body).toMatchObject({ code: 422, reason: "Invalid" });
    expect((merged.body as unknown as Deployment).metadata.labels).toEqual({});
    expect((merged.body as unknown as Deployment).spec!.replicas).toBe(0);
    expect(selector.status).toBe(422);
  });

  it("an injected fault is answered as the API server would, and does nothing", async () => {
    const at = `${DEPLOYMENTS}/faults`;
    await bench.admin.apply(deployment("faults", {}, { replicas: 0 }));
    const heal = addFault(bench.test.world, {
      service: "kubernetes",
      operation: "patch",
      nth: 1,
      harm: { kind: "throttle" },
    });
    const slow = await ask(bench, token, "PATCH", at, { spec: { replicas: 1 } }, MERGE);
    heal();

    expect(slow.body).toMatchObject({ kind: "Status", code: 429, reason: "TooManyRequests" });
    expect((await bench.admin.get<Deployment>("Deployment", "default", "faults")).spec!.replicas).toBe(0);
  });
});

describe("pods with a real program in them", () => {
  const ready = { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 5 };
  const app = (setting: string, more: object = {}) => ({
    image: APP,
    ports: [{ containerPort: 8080 }],
    readinessProbe: ready,
    env: [{ name: "SETTING", value: setting }],
    ...more,
  });

  it("a service reaches those that are ready; a release that never becomes ready takes none of them away", async () => {
    await bench.admin.apply(deployment("app", app("one"), { replicas: 2 }));
    await bench.admin.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "app" },
      spec: { type: "LoadBalancer", selector: { app: "app" }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await bench.rolledOut("app");
    const service = await bench.admin.get<KubeService>("Service", "default", "app");
    expect(service.spec?.clusterIP).toMatch(/^10\.100\./);
    const labelled = { ...service, metadata: { ...service.metadata, labels: { team: "lab" } } };
    const { clusterIP: _, ...spec } = labelled.spec!;
    expect((await bench.admin.apply({ ...labelled, spec })).spec).toEqual(service.spec);
    const { address } = hostOf(bench.test.world, service.status!.loadBalancer!.ingress![0]!.hostname)!;
    const fetched = async () => (await fetch(`http://${address}:${openedPort(80)}/`)).text();
    const served = await fetched();

    await bench.admin.apply(deployment("app", app("not ready"), { replicas: 2 }));
    await until("the new pod to run", async () => {
      const pods = await bench.admin.list<Pod>("Pod", "default", "app=app");
      return pods.filter(({ status }) => status?.phase === "Running").length === 3;
    });
    const { status } = await bench.admin.get<Deployment>("Deployment", "default", "app");

    expect(served).toBe("one");
    expect(await fetched()).toBe("one");
    expect(status).toMatchObject({ availableReplicas: 2, updatedReplicas: 1 });
    await bench.admin.apply(deployment("app", app("one"), { replicas: 0 }));
  });

  it("a program that ends is started again, later each time, and its last words are kept", async () => {
    const failing = app("x", { env: [{ name: "FAIL", value: "1" }] });
    await bench.admin.apply(deployment("crash", failing, { replicas: 1 }));
    const container = async () => {
      const [pod] = await bench.admin.list<Pod>("Pod", "default", "app=crash");
      return { pod, status: pod?.status?.containerStatuses?.[0] };
    };
    await until("the back-off", async () => {
      const { status } = await container();
      return status?.state["waiting"]?.reason === "CrashLoopBackOff" && status.restartCount >= 2;
    });
    const { pod, status } = await container();

    expect(status!.lastState["terminated"]).toMatchObject({ reason: "Error", exitCode: 3 });
    expect(await bench.admin.logs("default", pod!.metadata.name)).toContain("migration is missing");
    await bench.admin.apply(deployment("crash", failing, { replicas: 0 }));
  });

  it("an image that is nowhere cannot be pulled", async () => {
    await bench.admin.apply(deployment("missing", { image: "registry.example/app:none" }, { replicas: 1 }));
    await until("the pull to fail", async () => {
      const [pod] = await bench.admin.list<Pod>("Pod", "default", "app=missing");
      return pod?.status?.containerStatuses?.[0]?.state["waiting"]?.reason === "ImagePullBackOff";
    });
  });
});

describe("autoscalers", () => {
  it("hold a deployment within their bounds, but for one that was scaled to nothing or that may not scale", async () => {
    await bench.admin.apply(deployment("scaled", {}, { replicas: 0 }));
    const hpa = (minReplicas: number, behavior = {}) =>
      bench.admin.apply({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "scaled" },
        spec: {
          minReplicas,
          maxReplicas: 6,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "scaled" },
          behavior,
        },
      });
    const replicas = async () => (await bench.rolledOut("scaled")).spec!.replicas;
    await hpa(3);
    const nothing = await replicas();
    await bench.admin.apply(deployment("scaled", {}, { replicas: 1 }));
    await until("the least replicas", async () => (await replicas()) === 3);
    await hpa(3, { scaleUp: { selectPolicy: "Disabled" }, scaleDown: { selectPolicy: "Disabled" } });
    await bench.admin.apply(deployment("scaled", {}, { replicas: 2 }));

    expect(nothing).toBe(0);
    expect(await replicas()).toBe(2);
  });
});
