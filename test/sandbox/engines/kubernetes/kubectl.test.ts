import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenOf } from "../../../../sandbox/engines/kubernetes/index.ts";
import type { Deployment } from "../../../../sandbox/engines/kubernetes/objects.ts";
import { CLUSTER, type ClusterBench, clusterBench, deployment } from "./bench.ts";

const present = spawnSync("kubectl", ["version", "--client"]).status === 0;
if (!present) console.warn("kubectl is not installed: the test of the cluster with it is skipped");

let bench: ClusterBench;
let config: string;

beforeAll(async () => {
  if (!present) return;
  bench = await clusterBench();
  config = join(bench.test.world.root, "kubeconfig");
  writeFileSync(config, await bench.admin.kubeconfig(bench.test.admin.credentials));
});
afterAll(() => bench?.test.close());

/** Runs kubectl in a process of its own, so that the API server in this one can answer. */
async function kubectl(...given: string[]): Promise<{ out: string; error: string; code: number }> {
  return input("", ...given);
}

async function input(text: string, ...given: string[]) {
  const child = spawn("kubectl", [
    `--kubeconfig=${config}`,
    `--cache-dir=${bench.test.world.root}`,
    ...given,
  ]);
  let [out, error] = ["", ""];
  child.stdout.on("data", (part: Buffer) => {
    out += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => {
    error += part.toString();
  });
  child.stdin.end(text);
  const code = await new Promise<number>((resolve) => child.once("close", (value) => resolve(value ?? 1)));
  return { out, error, code };
}

const web = (value: string) => JSON.stringify(deployment("web", { env: [{ name: "RELEASE", value }] }));
const release = async () =>
  (await bench.admin.get<Deployment>("Deployment", "default", "web")).spec!.template.spec.containers[0]!
    .env![0]!.value;

describe.skipIf(!present)("the real kubectl", () => {
  it("applies a deployment, waits for it, and shows it", async () => {
    const applied = await input(web("1"), "apply", "-f", "-");
    const status = await kubectl("rollout", "status", "deployment/web", "--timeout=20s");
    const shown = await kubectl("get", "deployments,replicasets,pods");

    expect(applied).toMatchObject({ out: "deployment.apps/web created\n", code: 0 });
    expect(status.out).toContain('deployment "web" successfully rolled out');
    expect(shown.out).toMatch(/deployment.apps\/web\s+3\/3\s+3\s+3/);
    expect(shown.out.match(/pod\/web-\w+-\w{5}\s+1\/1\s+Running/g)).toHaveLength(3);
  });

  it("creates a config map and a secret, which it sends as protobuf", async () => {
    await kubectl("create", "configmap", "made", "--from-literal=LIMIT=10");
    await kubectl("create", "secret", "generic", "made", "--from-literal=KEY=\u00fcber");

    const map = await kubectl("get", "configmap", "made", "-o", "jsonpath={.data}");
    const secret = await kubectl("get", "secret", "made", "-o", "jsonpath={.data.KEY} {.type}");

    expect(map.out).toBe('{"LIMIT":"10"}');
    expect(secret.out).toBe(`${Buffer.from("\u00fcber").toString("base64")} Opaque`);
  });

  it("undoes a rollout; the template that came back is the newest revision and is kept once", async () => {
    await input(web("2"), "apply", "-f", "-");
    await kubectl("rollout", "status", "deployment/web", "--timeout=20s");

    const undone = await kubectl("rollout", "undo", "deployment/web");
    const status = await kubectl("rollout", "status", "deployment/web", "--timeout=20s");
    const history = await kubectl("rollout", "history", "deployment/web");
    const missing = await kubectl("rollout", "undo", "deployment/web", "--to-revision=9");

    expect(undone.out).toBe("deployment.apps/web rolled back\n");
    expect(status.code).toBe(0);
    expect(await release()).toBe("1");
    expect(history.out.match(/^\d+/gm)).toEqual(["2", "3"]);
    expect(missing.error).toContain("unable to find specified revision 9 in history");
  });

  it("pauses: no template comes in and undo is refused until it is resumed", async () => {
    await kubectl("rollout", "pause", "deployment/web");
    await kubectl("set", "env", "deployment/web", "RELEASE=3");

    const undo = await kubectl("rollout", "undo", "deployment/web");
    const { status } = await bench.admin.get<Deployment>("Deployment", "default", "web");
    await kubectl("rollout", "resume", "deployment/web");
    const done = await kubectl("rollout", "status", "deployment/web", "--timeout=20s");

    expect(undo.error).toContain("you cannot rollback a paused deployment");
    expect(status!.updatedReplicas).toBeUndefined();
    expect(done.code).toBe(0);
    expect(await release()).toBe("3");
  });

  it("scales to nothing and back, and waits for the pods", async () => {
    await kubectl("scale", "deployment/web", "--replicas=0");
    const gone = await kubectl("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=20s");
    const none = await kubectl("get", "pods", "-l", "app=web", "-o", "name");
    await kubectl("scale", "deployment/web", "--replicas=2");
    await kubectl("rollout", "status", "deployment/web", "--timeout=20s");
    const ready = await kubectl("wait", "--for=condition=ready", "pod", "-l", "app=web", "--timeout=20s");

    expect(gone.code).toBe(0);
    expect(none.out).toBe("");
    expect(ready.out.match(/condition met/g)).toHaveLength(2);
  });

  it("patches, and applies again what it applied before", async () => {
    const patched = await kubectl("patch", "deployment", "web", "-p", '{"spec":{"replicas":1}}');
    const again = await input(web("4"), "apply", "-f", "-");
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings" },
      data: { a: "1" },
    };
    const made = await input(JSON.stringify(configMap), "apply", "-f", "-");
    const read = await kubectl("get", "configmap", "settings", "-o", "jsonpath={.data.a}");

    expect(patched.code).toBe(0);
    expect(again.out).toBe("deployment.apps/web configured\n");
    expect(await release()).toBe("4");
    expect(made.code).toBe(0);
    expect(read.out).toBe("1");
  });

  it("is a stranger to another cluster's token", async () => {
    const token = await tokenOf(bench.test.world, `${CLUSTER}-2`, bench.test.admin.credentials);
    const answer = await kubectl("get", "pods", `--token=${token}`);

    expect(answer.code).toBe(1);
    expect(answer.error).toMatch(/Unauthorized|must be logged in/);
  });

  it("is told that there is no server-side apply, for what is there and for what is not", async () => {
    const before = await release();
    const other = JSON.stringify(deployment("other"));

    const there = await input(web("9"), "apply", "--server-side", "--force-conflicts", "-f", "-");
    const missing = await input(other, "apply", "--server-side", "-f", "-");

    for (const refused of [there, missing]) {
      expect(refused.code).toBe(1);
      expect(refused.error).toContain("has no server-side apply: it keeps no field managers");
    }
    expect(await release()).toBe(before);
  });

  it("aborts an Argo Rollout by its status, and shows it", async () => {
    const rollout = (value: string) => {
      const { spec } = deployment("ro", { env: [{ name: "RELEASE", value }] });
      const strategy = { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } };
      return JSON.stringify({
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        metadata: { name: "ro", namespace: "default" },
        spec: { ...spec, replicas: 2, strategy },
      });
    };
    const phase = (wanted: string) =>
      kubectl("wait", `--for=jsonpath={.status.phase}=${wanted}`, "rollout/ro", "--timeout=20s");
    await input(rollout("1"), "apply", "-f", "-");
    await phase("Healthy");
    await input(rollout("2"), "apply", "-f", "-");
    await phase("Paused");

    const abort = ["patch", "rollout", "ro", "--subresource=status", "--type=merge", "-p"];
    const patched = await kubectl(...abort, '{"status":{"abort":true}}');
    const degraded = await phase("Degraded");
    const shown = await kubectl("get", "rollout", "ro", "-o", "jsonpath={.status.message}");

    expect(patched.out).toBe("rollout.argoproj.io/ro patched\n");
    expect(degraded.code).toBe(0);
    expect(shown.out).toBe("RolloutAborted: Rollout aborted update to revision 2");
  });
});
