import { createServer } from "node:net";
import type { DescribeClusterResponse } from "@aws-sdk/client-eks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientSettings } from "../../../../lambdas/runtime/clients.ts";
import { changeObject } from "../../../../lambdas/runtime/kubernetes/change.ts";
import { type KubeObject, kubernetes } from "../../../../lambdas/runtime/kubernetes/client.ts";
import { clusters } from "../../../../sandbox/engines/kubernetes/cluster.ts";
import type { ConfigMap as Stored } from "../../../../sandbox/engines/kubernetes/objects.ts";
import { addFault, type Harm } from "../../../../sandbox/faults.ts";
import { CLUSTER, type ClusterBench, clusterBench } from "../../../sandbox/engines/kubernetes/bench.ts";
import { lambdaEnvironment } from "../../environment.ts";

const PATH = "/api/v1/namespaces/default/configmaps/settings";
type ConfigMap = KubeObject & { data: Record<string, string> };
const MINUTE = 60_000;

let bench: ClusterBench;
/** Where the cluster is said to be; its own address unless set. */
let endpoint: string | undefined;
let privateOnly = false;
const heals: (() => void)[] = [];

beforeAll(async () => {
  bench = await clusterBench();
  const { world } = bench.test;
  lambdaEnvironment(bench.test);
  // This process asks no DNS server of the sandbox: the address instead of the name.
  world.interceptors.push({
    after: ({ operation }, { output }) => {
      const found = (output as DescribeClusterResponse | undefined)?.cluster;
      if (operation !== "DescribeCluster" || !found) return;
      const { address, port } = clusters(world).get(CLUSTER)!;
      found.endpoint = endpoint ?? `https://${address}:${port}`;
      if (privateOnly) found.resourcesVpcConfig!.endpointPublicAccess = false;
    },
  });
  await bench.admin.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings" },
    data: { limit: "100" },
  });
});
afterAll(() => bench?.test.close());
afterEach(() => {
  for (const heal of heals.splice(0)) heal();
  endpoint = undefined;
  privateOnly = false;
});

const now = () => bench.test.world.clock.now();
/** Sixteen minutes before either clock that the sandbox takes a token by: its own, and the machine's. */
const longAgo = () => Math.min(now(), bench.test.world.clock.toMachine(now())) - 16 * MINUTE;
const open = (at: () => number = now) => kubernetes(CLUSTER, { region: "us-east-1", now: at });
const harm = (operation: string, kind: Harm, nth?: number | number[]) =>
  heals.push(
    addFault(bench.test.world, {
      service: "kubernetes",
      operation,
      ...(nth === undefined ? {} : { nth }),
      harm: kind,
    }),
  );
const set = async (limit: string) =>
  changeObject<ConfigMap>(await open(), PATH, (found) => ({ ...found, data: { limit } }));
const stored = () => bench.admin.get<Stored>("ConfigMap", "default", "settings");
const limit = async () => (await stored()).data!["limit"];

describe("a cluster's API server", () => {
  it("that says Conflict is read again, and what somebody else wrote meanwhile is looked at", async () => {
    const before = await limit();
    const seen: (string | undefined)[] = [];
    const api = await open();

    await changeObject<ConfigMap>(
      api,
      PATH,
      (found) => {
        seen.push(found.data["limit"]);
        return { ...found, data: { limit: `${Number(found.data["limit"]) + 1}` } };
      },
      async (wanted) => {
        // Somebody else writes between reading and writing, once.
        if (seen.length === 1)
          await bench.admin.apply({ ...wanted, metadata: { name: "settings" }, data: { limit: "200" } });
        return api.replace(PATH, wanted);
      },
    );

    expect(seen).toEqual([before, "200"]);
    expect(await limit()).toBe("201");
  });

  it("that says Conflict forever is ServiceUnavailable after eight tries, and nothing is changed", async () => {
    const before = await limit();
    harm("update", { kind: "error", code: "Conflict", status: 409 });

    await expect(set("1")).rejects.toMatchObject({
      name: "ServiceUnavailable",
      message: expect.stringContaining("8 times in a row. It was not changed by this call"),
    });
    expect(await limit()).toBe(before);
  });

  it.each<[string, string, Harm]>([
    ["429", "Throttled", { kind: "throttle" }],
    ["500", "ServiceUnavailable", { kind: "error", code: "InternalError", status: 500 }],
    ["503", "ServiceUnavailable", { kind: "error", code: "ServiceUnavailable", status: 503 }],
    ["nothing at all", "ServiceUnavailable", { kind: "hang" }],
  ])("that answers %s to a write is %s, to be tried again, and nothing is changed", async (_, name, kind) => {
    const before = await limit();
    const { requestTimeout } = clientSettings.requestHandler;
    // As long as a test may wait; Lambda's is fifteen seconds.
    Object.assign(clientSettings.requestHandler, { requestTimeout: 300 });
    harm("update", kind);

    await expect(set("1")).rejects.toMatchObject({ name });
    Object.assign(clientSettings.requestHandler, { requestTimeout });
    expect(await limit()).toBe(before);
  });

  it("whose reply to a write is lost has done it: the same change again does nothing more", async () => {
    harm("update", { kind: "lose-reply" }, 1);

    await expect(set("300")).rejects.toMatchObject({ name: "ServiceUnavailable" });
    const { resourceVersion } = (await stored()).metadata;
    await set("300");

    expect(await limit()).toBe("300");
    expect((await stored()).metadata.resourceVersion).toBe(resourceVersion);
  });

  it("gets a new token when the one it has expired on the way", async () => {
    let asked = 0;
    // The first token was signed sixteen minutes ago; EKS takes one for fifteen.
    const api = await open(() => (asked++ === 0 ? longAgo() : now()));

    expect((await api.get<ConfigMap>(PATH))?.metadata.name).toBe("settings");
    expect((await api.get<ConfigMap>(PATH))?.metadata.name).toBe("settings");
    // Once when it was opened, and once when it was refused.
    expect(asked).toBe(2);
  });

  it("that takes no token of the role is AccessDenied, and says where to look", async () => {
    const api = await open(longAgo);

    await expect(api.get(PATH)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("still has its access entry"),
    });
  });

  it("that nobody reaches is ServiceUnavailable; a private one says that it takes a way into its VPC", async () => {
    // A port that was free a moment ago: nobody listens there.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    endpoint = `https://127.0.0.1:${port}`;

    await expect((await open()).get(PATH)).rejects.toMatchObject({
      name: "ServiceUnavailable",
      message: expect.not.stringContaining("VPC"),
    });
    privateOnly = true;
    await expect((await open()).get(PATH)).rejects.toMatchObject({
      name: "ServiceUnavailable",
      message: expect.stringContaining("reached from within its VPC only: the plan needs a `vpc`"),
    });
  });
});
