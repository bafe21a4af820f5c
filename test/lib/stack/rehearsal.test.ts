import { describe, expect, it } from "vitest";
import { actionsOf, ofType, planWith, resourcesOf, statementsByRole } from "./template.ts";

describe("the rehearsal of a plan", () => {
  it("is started every 30 minutes, calls nothing that could write, and may ask IAM about the plan's roles only", async () => {
    const resources = await resourcesOf();
    const [machine, { Properties }] = ofType(resources, "AWS::StepFunctions::StateMachine").find(([id]) =>
      id.includes("Rehearsal"),
    )!;
    const rules = ofType(resources, "AWS::Events::Rule").map(([, rule]) => rule.Properties);
    const simulating = [...statementsByRole(resources)].flatMap(([role, statements]) =>
      statements
        .filter((each) => actionsOf(each).includes("iam:SimulatePrincipalPolicy"))
        .map(({ Resource }) => ({ role, on: [Resource].flat() })),
    );

    expect(rules).toContainEqual(
      expect.objectContaining({
        ScheduleExpression: "rate(30 minutes)",
        Targets: [expect.objectContaining({ Arn: { Ref: machine } })],
      }),
    );
    const definition = JSON.stringify(Properties["DefinitionString"]);
    expect(definition).toContain("WatchdogRead");
    expect(definition).not.toMatch(/WatchdogWrite(?!r)[a-z]/);
    expect(simulating).toHaveLength(1);
    expect(simulating[0]!.role).toContain("ObserverRole");
    for (const each of simulating[0]!.on) expect(JSON.stringify(each)).toMatch(/Watchdog(ReaderRole|Writer)/);
  }, 60_000);

  it("is left to a person when the plan says so", async () => {
    const resources = await resourcesOf(planWith({ preflight: { every: "off" } }));

    expect(ofType(resources, "AWS::Events::Rule").filter(([id]) => id.includes("Rehearse"))).toEqual([]);
    expect(
      ofType(resources, "AWS::StepFunctions::StateMachine").filter(([id]) => id.includes("Rehearsal")),
    ).toHaveLength(1);
  }, 60_000);
});
