import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../../../lambdas/build.ts";
import { WatchdogStack } from "../../../lib/index.ts";
import { ofType, type Resource, researchLab, resourcesOf, rollbackMachine } from "./template.ts";

const plan = researchLab();
let resources: Record<string, Resource>;
beforeAll(async () => {
  resources = await resourcesOf();
});

const rollback = () => rollbackMachine(resources);

interface State {
  Type: string;
  Resource?: string;
  Arguments?: { FunctionName?: string };
  Branches?: { States: Record<string, State> }[];
  ItemProcessor?: { States: Record<string, State> };
}

/** Every Task of a machine that calls a function, however deep. */
function tasks(states: Record<string, State>): State[] {
  return Object.values(states).flatMap((state) => [
    ...(state.Type === "Task" && state.Resource?.endsWith(":lambda:invoke") ? [state] : []),
    ...(state.Branches ?? []).flatMap((branch) => tasks(branch.States)),
    ...(state.ItemProcessor ? tasks(state.ItemProcessor.States) : []),
  ]);
}

/** The definition with each reference written as `${LogicalId}`. */
function definition(): { States: Record<string, State> } {
  const [, machine] = rollback();
  const given = machine.Properties["DefinitionString"] as {
    "Fn::Join": [string, (string | { Ref: string })[]];
  };
  return JSON.parse(
    given["Fn::Join"][1].map((part) => (typeof part === "string" ? part : `\${${part.Ref}}`)).join(""),
  );
}

describe("the state machine", () => {
  it("calls published versions only", () => {
    const called = tasks(definition().States).map((task) => task.Arguments?.FunctionName);

    expect(called.length).toBeGreaterThan(10);
    for (const name of called) {
      const id = /^\$\{(\w+)\}$/.exec(name ?? "")?.[1];
      expect(resources[id ?? ""]?.Type, name).toBe("AWS::Lambda::Version");
    }
  });

  it("finds the versions it began with after a deployment: they are kept", () => {
    const versions = ofType(resources, "AWS::Lambda::Version");

    expect(versions.length).toBeGreaterThan(10);
    for (const [id, version] of versions) expect(version.DeletionPolicy, id).toBe("Retain");
  });

  it("may invoke every version of its functions, and never $LATEST", () => {
    const [, policy] = ofType(resources, "AWS::IAM::Policy").find(([id]) => id.includes("StateMachineRole"))!;
    const { Statement } = policy.Properties["PolicyDocument"] as {
      Statement: { Effect: string; Action: string; Resource: { "Fn::Join": [string, unknown[]] }[] }[];
    };
    const ends = (effect: string) =>
      Statement.filter(({ Effect, Action }) => Effect === effect && Action === "lambda:InvokeFunction")
        .flatMap(({ Resource }) => Resource)
        .map((each) => each["Fn::Join"][1].at(-1));

    expect(new Set(ends("Allow"))).toEqual(new Set([":*"]));
    expect(new Set(ends("Deny"))).toEqual(new Set([":$LATEST"]));
    expect(ends("Deny").length).toBe(ends("Allow").length);
  });

  it("is found by its name, traced, and logged with everything", () => {
    expect(rollback()[1].Properties).toMatchObject({
      StateMachineName: "llm-research-lab-rollback",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: "ALL", IncludeExecutionData: true },
    });
  });
});

describe("functions", () => {
  it("run on one current runtime, traced, with a deadline that their Task outlasts", () => {
    const longest = Math.max(
      ...tasks(definition().States).map(
        (task) => (task as unknown as { TimeoutSeconds: number }).TimeoutSeconds,
      ),
    );

    for (const [id, { Properties }] of ofType(resources, "AWS::Lambda::Function")) {
      expect(Properties, id).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        TracingConfig: { Mode: "Active" },
        Environment: {
          Variables: { SERVICE: "llm-research-lab", NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" },
        },
      });
      expect(Properties["Timeout"], id).toBeLessThanOrEqual(longest);
    }
  });

  it("are called by no Task that gives up before them", () => {
    for (const task of tasks(definition().States) as unknown as {
      TimeoutSeconds: number;
      Arguments: { FunctionName: string };
    }[]) {
      const version = resources[/^\$\{(\w+)\}$/.exec(task.Arguments.FunctionName)![1]!]!;
      const fn = resources[(version.Properties["FunctionName"] as { Ref: string }).Ref]!;

      expect(task.TimeoutSeconds, String(fn.Properties["Description"])).toBeGreaterThanOrEqual(
        fn.Properties["Timeout"] as number,
      );
    }
  });

  it("of two plans are two: no function, role or table is shared", async () => {
    const bundles = await buildBundles();
    const app = new App({ builtinCloudFormationValidation: false });
    // The plan names one of its own alarms, which is another one in the other plan.
    const renamed = JSON.parse(JSON.stringify(plan).replaceAll("llm-research-lab", "orders")) as typeof plan;
    const stacks = [plan, renamed].map((each) => new WatchdogStack(app, { plan: each, bundles }));
    const [one, other] = stacks.map((stack) => Template.fromStack(stack).toJSON()) as [object, object];

    expect(JSON.stringify(one)).not.toContain("orders");
    expect(JSON.stringify(other)).not.toContain("llm-research-lab-");
    for (const each of [one, other]) expect(JSON.stringify(each)).not.toContain("Fn::ImportValue");
  });
});
