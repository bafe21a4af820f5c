import { type DBCluster, DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Expectation } from "../../scenarios/scenario.ts";
import { type DrillBench, drillBench, type EndedExecution } from "./harness.ts";
import { incident, WHOLE_INCIDENT } from "./incident.ts";

const SOURCE = "llm-research-cluster";

describe("a release that damages the research lab's Aurora cluster", () => {
  let bench: DrillBench;
  let run: EndedExecution;
  let executions: number;
  let broken: string[];
  let expectations: Expectation[];
  let before: Record<string, string>;

  beforeAll(async () => {
    bench = await drillBench("llm-research-lab-aurora", {
      speed: "held",
      load: 0.5,
      // Only what is Aurora's own, and what leads there; the rest is the research lab's test.
      change: (plan) => {
        Object.assign(plan["watch"] as object, { for: "2m", progress: "2m" });
        plan["triggers"] = (plan["triggers"] as { id: string }[]).filter(
          ({ id }) => id === "error-rate-immediate",
        );
        plan["stages"] = (plan["stages"] as { name: string }[]).filter(
          ({ name }) => name !== "tighten alarms",
        );
        // The release's key is the wrong one, so the service is not well after an undo.
        plan["verify"] = (plan["verify"] as { id: string }[]).filter(({ id }) => id === "health");
        plan["notify"] = { email: ["engineers@llm-research.example"] };
        plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
        for (const section of ["approval", "escalation", "deployments"]) delete plan[section];
      },
    });
    before = await names(bench);
    ({ run, executions, broken, expectations } = await incident(bench));
  }, WHOLE_INCIDENT);
  afterAll(() => bench?.close());

  it("is repaired by one run that succeeds, and keeps what must always hold", () => {
    expect(`${run.status} ${run.error ?? ""} ${run.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    expect(executions).toBe(1);
    expect(broken).toEqual([]);
  });

  it("loses no row that was committed before the restore point and keeps none of the damage", () => {
    expect(expectations.filter(({ held }) => !held)).toEqual([]);
    expect(expectations.flatMap(({ lost }) => lost ?? [])).toEqual([0, 0]);
    expect(expectations.length).toBeGreaterThanOrEqual(7);
  });

  it("backs up, fences, restores, exports what came later and only then switches both names", async () => {
    const order = ["snapshot", "fence", "restore", "later-rows", "database-address"].map((step) =>
      run.states.indexOf(`Apply ${step}`),
    );
    const { restored } = await clusters(bench);

    expect(order.every((index) => index >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(run.states.indexOf("Apply readers-address")).toBeGreaterThan(order.at(-2)!);
    expect(await names(bench)).toEqual({
      "db.llm-research.internal.": restored.Endpoint,
      "db-ro.llm-research.internal.": restored.ReaderEndpoint,
    });
  });

  it("keeps the old cluster as it was, and gives the restored one all of its settings", async () => {
    const { source, restored } = await clusters(bench);

    for (const cluster of [source, restored])
      expect(cluster).toMatchObject({
        Status: "available",
        DeletionProtection: true,
        StorageType: "aurora-iopt1",
        StorageEncrypted: true,
        BackupRetentionPeriod: 7,
        IAMDatabaseAuthenticationEnabled: true,
        DBClusterParameterGroup: "research-aurora17",
        DBSubnetGroup: "research-private",
        PreferredMaintenanceWindow: "tue:05:00-tue:05:30",
        VpcSecurityGroups: source.VpcSecurityGroups,
        TagList: expect.arrayContaining([{ Key: "Team", Value: "research" }]),
      });
    expect(source.DBClusterMembers).toHaveLength(2);
    expect(restored.DBClusterMembers).toHaveLength(2);
  });

  it(
    "can be taken back afterwards: both names lead to the old cluster, which takes the service's writes again",
    async () => {
      await bench.freeLock();
      const { restored } = await clusters(bench);

      const undone = await bench.run(
        { undo: run.executionArn.split(":").at(-1), reason: "drill" },
        "undo",
        bench.stateMachineArn.replace(/-rollback$/, "-undo"),
      );

      expect(`${undone.status} ${undone.error ?? ""} ${undone.cause ?? ""}`.trim()).toBe("SUCCEEDED");
      expect(await names(bench)).toEqual(before);
      const { source, restored: kept } = await clusters(bench);
      expect(source.Status).toBe("available");
      expect(kept.DBClusterIdentifier).toBe(restored.DBClusterIdentifier);
      expect(kept.TagList).toContainEqual({ Key: "watchdog:set-aside", Value: "true" });
    },
    WHOLE_INCIDENT,
  );
});

/** The cluster that was broken, and the one that the run restored. */
async function clusters({ sandbox }: DrillBench): Promise<{ source: DBCluster; restored: DBCluster }> {
  const { DBClusters = [] } = await new RDSClient(sandbox.clientConfig()).send(
    new DescribeDBClustersCommand({}),
  );
  expect(DBClusters).toHaveLength(2);
  const [source] = DBClusters.filter(({ DBClusterIdentifier }) => DBClusterIdentifier === SOURCE);
  const [restored] = DBClusters.filter(({ DBClusterIdentifier }) => DBClusterIdentifier !== SOURCE);
  return { source: source!, restored: restored! };
}

/** Where the service's names of its database lead. */
async function names({ sandbox }: DrillBench): Promise<Record<string, string>> {
  const { ResourceRecordSets = [] } = await new Route53Client(sandbox.clientConfig()).send(
    new ListResourceRecordSetsCommand({ HostedZoneId: "Z0RESEARCHLAB" }),
  );
  return Object.fromEntries(
    ResourceRecordSets.filter(({ Name }) => Name!.startsWith("db")).map(({ Name, ResourceRecords }) => [
      Name!,
      ResourceRecords![0]!.Value!,
    ]),
  );
}
