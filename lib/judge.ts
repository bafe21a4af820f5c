import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { ExpectedPermission } from "../lambdas/runtime/protocol.ts";
import type { Permission } from "../lambdas/runtime/spec.ts";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import { throughKeys } from "./keys.ts";
import { rampSteps } from "./plan/redeploy.ts";
import { registries } from "./plan/registries.ts";
import type { Check, Plan, Step } from "./plan/schema.ts";
import { arnBuilder, permit } from "./roles.ts";
import type { KindFunctions } from "./steps.ts";
import { partitionAccess } from "./store.ts";
import { JUDGE_SECONDS } from "./workflow/rehearsal.ts";

/** The function that says whether a plan could be carried out, and what it asks IAM about. */
export interface Judge {
  preflight: PublishedFunction;
  expected: ExpectedPermission[];
}

/** `preflight`: judges rehearsals and dry runs, keeps one row about the plan, and tells when it stops being executable. */
export function addJudge(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  { table, topic, kinds, observer }: { table: Table; topic: ITopic; kinds: KindFunctions; observer: Role },
): Judge {
  const expected = expectedPermissions(scope, plan, kinds);
  permit(
    observer,
    partitionAccess(table, `service#${plan.service}`, [
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
    ]),
    { actions: ["sns:Publish"], resources: [topic.topicArn] },
    {
      actions: ["iam:SimulatePrincipalPolicy"],
      resources: [...new Set(expected.map(({ roleArn }) => roleArn))],
    },
  );
  topic.masterKey?.grant(observer, "kms:Decrypt", "kms:GenerateDataKey");
  const preflight = functions.publish("Preflight", {
    bundle: "preflight",
    description: "judges whether the plan could be carried out",
    role: observer,
    timeoutSeconds: JUDGE_SECONDS,
    environment: { TOPIC_ARN: topic.topicArn },
  });
  return { preflight, expected };
}

/** What each role must be allowed, by step and check: the same statements that the roles were made from. */
function expectedPermissions(scope: Construct, plan: Plan, kinds: KindFunctions): ExpectedPermission[] {
  const arn = arnBuilder(scope);
  const expect = (
    of: string,
    as: ExpectedPermission["as"],
    roleArn: string,
    permissions: Permission[] = [],
  ): ExpectedPermission[] =>
    [...permissions, ...throughKeys(permissions, plan.keys, arn.region)].map((permission) => ({
      of,
      as,
      roleArn,
      ...permission,
    }));
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const checks = [...plan.stages.flatMap((stage) => stage.checks), ...plan.verify, ...plan.watch.checks];
  const known = new Set(checks.map(({ id }) => id));
  const all = (theirs: Step[], own: Check[]): ExpectedPermission[] => [
    ...theirs.flatMap((step) => {
      const { read, write } = kinds.actions[step.action]!;
      const needed = registries.actions[step.action]!.permissions(step.with as never, arn);
      return [
        ...expect(step.id, "read", read.roleArn, needed.read),
        ...expect(step.id, "write", write.roleArn, needed.write),
        ...expect(step.id, "revert", write.roleArn, needed.revert),
      ];
    }),
    ...own.flatMap((check) =>
      expect(
        check.id,
        "check",
        kinds.checks[check.check]!.roleArn,
        registries.checks[check.check]!.permissions(check.with as never, arn),
      ),
    ),
  ];
  const ramp = rampSteps(plan);
  return [
    ...alike(all(steps, checks)),
    ...alike(
      all(
        ramp.flatMap(({ stage }) => stage.steps),
        // Those of the watch are asked about already.
        ramp.flatMap((step) => step.checks.filter(({ id }) => !known.has(id))),
      ),
    ).map((each) => ({ ...each, ramp: true })),
  ];
}

/** What several steps need alike, once, in the order of the first of them: definitions hold it, and have a limit. */
function alike(expected: ExpectedPermission[]): ExpectedPermission[] {
  const found = new Map<string, ExpectedPermission & { alike: string[] }>();
  for (const { of, ...rest } of expected) {
    const key = JSON.stringify(rest);
    const known = found.get(key);
    if (!known) found.set(key, { of, ...rest, alike: [] });
    else if (known.of !== of && !known.alike.includes(of)) known.alike.push(of);
  }
  return [...found.values()].map(({ alike: more, ...each }) =>
    more.length > 0 ? { ...each, alike: more } : each,
  );
}
