import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DrillBench, drillBench, type EndedExecution, ended, silence } from "./harness.ts";

describe("a rollback that turned out to be wrong", () => {
  let bench: DrillBench;
  let rollback: EndedExecution;
  let original: string;

  beforeAll(async () => {
    bench = await drillBench("llm-research-lab", {
      change: (plan) => {
        silence(plan);
        plan["watch"] = { ...(plan["watch"] as object), for: "2m", settle: "2m" };
        plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
        // The release's key is the wrong one, so the service is not well after the undo: only the address is asked.
        plan["verify"] = [(plan["verify"] as unknown[])[0]];
      },
    });
    original = await databaseAddress(bench);
    await bench.running.release();
    rollback = await bench.run({ reason: "drill" }, "rollback-to-undo");
  }, 150_000);
  afterAll(() => bench?.close());

  const undo = async (input: object): Promise<EndedExecution> => {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const { executionArn } = await states.send(
      new StartExecutionCommand({
        stateMachineArn: bench.stateMachineArn.replace(/-rollback$/, "-undo"),
        input: JSON.stringify(input),
      }),
    );
    await states.send(new DescribeExecutionCommand({ executionArn }));
    return ended(bench.sandbox, executionArn!);
  };

  it("is refused for a run that nobody knows", async () => {
    expect(rollback.status).toBe("SUCCEEDED");
    expect(await databaseAddress(bench)).not.toBe(original);

    const run = await undo({ undo: "never-was", reason: "drill", dryRun: true });

    expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
    expect(run.cause).toContain("Nothing was undone");
  }, 60_000);

  it("is taken back by its own recorded inverses: the service is on the old database again", async () => {
    await bench.freeLock();
    const run = await undo({ undo: "rollback-to-undo", reason: "drill" });

    expect(`${run.status} ${run.error ?? ""} ${run.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    expect(run.states).toContain("Taken back");
    expect(await databaseAddress(bench)).toBe(original);
  }, 60_000);
});

async function databaseAddress({ sandbox }: DrillBench): Promise<string> {
  const { ResourceRecordSets = [] } = await new Route53Client(sandbox.clientConfig()).send(
    new ListResourceRecordSetsCommand({ HostedZoneId: "Z0RESEARCHLAB" }),
  );
  return ResourceRecordSets.find(({ Name }) => Name === "db.llm-research.internal.")!.ResourceRecords![0]!
    .Value!;
}
