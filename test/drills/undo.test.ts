import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../scenarios/until.ts";
import { watchdog } from "./command.ts";
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

  /** Starts it; `whileRunning` is done before its end is waited for. */
  const undo = async (
    name: string,
    input: object,
    whileRunning: () => Promise<unknown> = async () => undefined,
  ): Promise<EndedExecution> => {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const { executionArn } = await states.send(
      new StartExecutionCommand({
        stateMachineArn: bench.stateMachineArn.replace(/-rollback$/, "-undo"),
        name,
        input: JSON.stringify(input),
      }),
    );
    await whileRunning();
    return ended(bench.sandbox, executionArn!);
  };

  it("is refused for a run that nobody knows", async () => {
    expect(rollback.status).toBe("SUCCEEDED");
    expect(await databaseAddress(bench)).not.toBe(original);

    const run = await undo("undo-1", { undo: "never-was", reason: "drill", dryRun: true });

    expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
    expect(run.cause).toContain("Nothing was undone");
  }, 60_000);

  // The plan names approvers, so one of them has to agree to an undo too.
  it("is taken back by its own recorded inverses: the service is on the old database again", async () => {
    await bench.freeLock();
    const approve = () =>
      until("somebody to approve it", async () => {
        const said = await watchdog(bench.sandbox, "approve", "undo-2", "--service", bench.service, "--yes");
        return said.code === 0;
      });
    const run = await undo("undo-2", { undo: "rollback-to-undo", reason: "drill" }, approve);

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
