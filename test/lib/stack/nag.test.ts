import { App, Aspects, Stack } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { planWith, stackOf } from "./template.ts";

/** Every error and warning of a stack, cdk-nag's among them. */
function findings(stack: Stack): string[] {
  Aspects.of(stack).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(stack);
  const any = Match.stringLikeRegexp("[\\s\\S]*");
  return [...annotations.findError("*", any), ...annotations.findWarning("*", any)].map(
    ({ id, entry }) => `${id} ${String(entry.data).split("\n")[0]}`,
  );
}

describe("cdk-nag's AwsSolutions", () => {
  it("has no finding without a written reason", async () => {
    expect(findings(await stackOf())).toEqual([]);
  });

  it("has none either when functions run in a VPC", async () => {
    const vpc = {
      id: "vpc-0a1b2c3d",
      subnets: ["subnet-0a1b2c3d", "subnet-4e5f6a7b"],
      securityGroups: ["sg-0a1b2c3d"],
    };

    expect(findings(await stackOf(planWith({ vpc })))).toEqual([]);
  });

  it("has none either when a release goes out again in steps", async () => {
    expect(findings(await stackOf(loadPlanOrThrow("plans/ai-reliability.yaml")))).toEqual([]);
  });

  it("looks: a bucket without any setting is found", () => {
    const stack = new Stack(new App(), "Bad");
    new Bucket(stack, "Bucket");

    expect(findings(stack).join("\n")).toContain("AwsSolutions-S10");
  });

  it("finds a wildcard for which no reason is written", async () => {
    const stack = await stackOf();
    const role = stack.watchdog.trigger.role!;
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:*:*:anything"] }),
    );

    expect(findings(stack).join("\n")).toContain("AwsSolutions-IAM5[Resource::arn:aws:sqs:*:*:anything]");
  });

  it("is given reasons of more than a word", async () => {
    const { Template } = await import("aws-cdk-lib/assertions");
    const template = Template.fromStack(await stackOf()).toJSON() as {
      Resources: Record<string, { Metadata?: { cdk_nag?: { rules_to_suppress: { reason: string }[] } } }>;
    };
    const reasons = Object.values(template.Resources).flatMap(
      ({ Metadata }) => Metadata?.cdk_nag?.rules_to_suppress.map(({ reason }) => reason) ?? [],
    );

    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason.split(" ").length).toBeGreaterThan(6);
  });
});
