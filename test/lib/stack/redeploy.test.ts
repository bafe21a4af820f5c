import { beforeAll, describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import {
  actionsOf,
  ofType,
  type Resource,
  resourcesOf,
  type Statement,
  statementsByRole,
} from "./template.ts";

describe("the ramp of a plan", () => {
  let resources: Record<string, Resource>;
  let roles: Map<string, Statement[]>;
  const machineNamed = (name: string) =>
    ofType(resources, "AWS::StepFunctions::StateMachine").find(
      ([, { Properties }]) => Properties["StateMachineName"] === name,
    )!;
  /** Logical ids of the roles that are allowed an action. */
  const mayDo = (action: string) =>
    [...roles]
      .filter(([, statements]) =>
        statements.some((each) => each.Effect === "Allow" && actionsOf(each).includes(action)),
      )
      .map(([id]) => id.replace(/^Watchdog|[A-F0-9]{8}$/g, ""))
      .toSorted();

  beforeAll(async () => {
    resources = await resourcesOf(loadPlanOrThrow("plans/ai-reliability.yaml"));
    roles = statementsByRole(resources);
  }, 60_000);

  it("takes no role of its own", () => {
    expect(roles.size).toBeLessThanOrEqual(20);
    expect([...roles.keys()].filter((id) => /ramp|redeploy|hold/i.test(id))).toEqual([]);
  });

  it("is held by a machine whose role can apply nothing", () => {
    const [, { Properties }] = machineNamed("ai-reliability-redeploy-hold");
    const role = (Properties["RoleArn"] as { "Fn::GetAtt": string[] })["Fn::GetAtt"][0]!;
    const invoked = JSON.stringify(
      roles
        .get(role)!
        .filter((each) => each.Effect === "Allow" && actionsOf(each).includes("lambda:InvokeFunction")),
    );

    expect(role).toContain("AttendantRole");
    expect(invoked).toContain("WatchdogRamp");
    expect(invoked).not.toContain("WatchdogWrite");
  });

  it("lets only those end a hold that hear of alarms and let runs in", () => {
    expect(mayDo("states:SendTaskFailure")).toEqual(["KeeperRole", "TriggerRole"]);
    expect(mayDo("states:StopExecution")).toEqual(["StateMachineRole"]);
  });

  it("is noticed when it was stopped: it is ended, and people are told", () => {
    const [redeploy] = machineNamed("ai-reliability-redeploy");
    const rules = ofType(resources, "AWS::Events::Rule").filter(([, { Properties }]) =>
      JSON.stringify(Properties["EventPattern"] ?? {}).includes(`"${redeploy}"`),
    );
    const targets = rules.map(([, { Properties }]) => JSON.stringify(Properties["Targets"]));

    expect(targets.filter((text) => text.includes("stopped") && text.includes("WatchdogRamp"))).toHaveLength(
      1,
    );
    const silent = targets.filter((text) => text.includes("in the middle"));
    expect(silent).toHaveLength(1);
    // As for a run that was stopped: people are called until somebody acknowledges.
    expect(silent[0]).toContain("WatchdogEscalation");
  });

  it("is known to the trigger function by its criteria, and not to that of a plan without one", async () => {
    const functions = ofType(resources, "AWS::Lambda::Function").map(([id, { Properties }]) => ({
      id,
      variables: (Properties["Environment"] as { Variables?: Record<string, string> })?.Variables ?? {},
    }));
    const told = functions.filter(({ variables }) => "RAMP_CRITERIA" in variables);

    expect(told.map(({ id }) => id.startsWith("WatchdogTrigger"))).toEqual([true]);
    expect(JSON.parse(told[0]!.variables["RAMP_CRITERIA"]!)).toEqual([
      "high-error-rate",
      "degradation",
      "one-model",
    ]);
    expect(JSON.stringify(await resourcesOf())).not.toContain("RAMP_CRITERIA");
  }, 60_000);
});
