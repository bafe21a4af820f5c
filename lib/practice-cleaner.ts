import { ArnPrincipal, Effect, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { PRACTICE_SESSION, PRACTICE_TAG } from "../lambdas/runtime/names.ts";
import type { ThrowAway } from "../lambdas/runtime/protocol.ts";
import { madeNames } from "../lambdas/runtime/rds-spec.ts";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import { arnBuilder, functionRole } from "./roles.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** What a type of throw-away is to IAM. */
interface Deletable {
  reads: string[];
  deletes: string[];
  /** Kinds of resource that it is made of, each with what stands behind the name that all of them share. */
  kinds: [kind: "db" | "cluster", ends: string[]][];
  /** Characters of the longest name, as `restoredName` and `restoredClusterName` cut them. */
  longest: number;
}

const DELETABLE: Record<ThrowAway["type"], Deletable> = {
  "rds-instance": {
    reads: ["rds:DescribeDBInstances"],
    deletes: ["rds:DeleteDBInstance"],
    kinds: [["db", [""]]],
    longest: 63,
  },
  // Its instances have its name and a number.
  "aurora-cluster": {
    reads: ["rds:DescribeDBClusters", "rds:DescribeDBInstances"],
    deletes: ["rds:DeleteDBCluster", "rds:DeleteDBInstance"],
    kinds: [
      ["cluster", [""]],
      ["db", ["-?", "-??"]],
    ],
    longest: 60,
  },
};

/** The session tag under which the role was taken on: the practice's id. */
const SESSION = `\${aws:PrincipalTag/${PRACTICE_SESSION}}`;

/**
 * The clean-up of practices, the one exception from the Deny on deletes. The function's own role holds that Deny like
 * every other; it may take one role on, for one practice, by a session tag. That role may delete RDS instances, and
 * clusters where the plan restores one, whose name has a practice's mark and whose tag is that practice's id: not the live
 * one, not another practice's, not one without a tag.
 */
export function addCleaner(
  scope: Construct,
  service: string,
  functions: PlanFunctions,
  made: ThrowAway[],
): PublishedFunction {
  const arn = arnBuilder(scope);
  const each = <Value>(pick: (of: Deletable, base: string) => Value[]) => [
    ...new Set(made.flatMap(({ type, base }) => pick(DELETABLE[type], base))),
  ];
  const deletes = each((of) => of.deletes);
  const throwAways = each(({ kinds, longest }, base) =>
    kinds.flatMap(([kind, ends]) =>
      ends.map((end) => arn.of("rds", `${kind}:${madeNames(base, "p", longest)}${end}`)),
    ),
  );
  const cleaner = functionRole(scope, "PracticeCleanerRole", {
    description: `Cleans up after practices of ${service}: may only take its deleting role on`,
    permissions: [{ actions: each((of) => of.reads), resources: throwAways }],
  });
  const deleter = new Role(scope, "PracticeDeleteRole", {
    assumedBy: new ArnPrincipal(cleaner.roleArn)
      .withConditions({
        // A session of one practice, and of nothing else.
        StringLike: { [`aws:RequestTag/${PRACTICE_SESSION}`]: "?*" },
        "ForAllValues:StringEquals": { "aws:TagKeys": [PRACTICE_SESSION] },
      })
      .withSessionTags(),
    description: `Deletes what carries the id of one practice of ${service}, and nothing else`,
  });
  const tag = `aws:ResourceTag/${PRACTICE_TAG}`;
  deleter.addToPolicy(
    new PolicyStatement({
      actions: deletes,
      resources: throwAways,
      conditions: { StringEquals: { [tag]: SESSION } },
    }),
  );
  const deny = (given: ConstructorParameters<typeof PolicyStatement>[0]) =>
    deleter.addToPolicy(new PolicyStatement({ ...given, effect: Effect.DENY }));
  deny({ notActions: deletes, resources: ["*"] });
  deny({ actions: deletes, notResources: throwAways });
  deny({
    actions: deletes,
    resources: each(({ kinds }, base) => kinds.map(([kind]) => arn.of("rds", `${kind}:${base}`))),
  });
  // A tag that is missing is not equal either.
  deny({ actions: deletes, resources: ["*"], conditions: { StringNotEquals: { [tag]: SESSION } } });
  cleaner.addToPolicy(
    new PolicyStatement({
      actions: ["sts:AssumeRole", "sts:TagSession"],
      resources: [deleter.roleArn],
    }),
  );
  return functions.publish("PracticeClean", {
    bundle: "practice-clean",
    description: "deletes what a practice made itself",
    role: cleaner,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: { DELETE_ROLE_ARN: deleter.roleArn },
  });
}
