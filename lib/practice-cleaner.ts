import { ArnPrincipal, Effect, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { PRACTICE_SESSION, PRACTICE_TAG } from "../lambdas/runtime/names.ts";
import type { ThrowAway } from "../lambdas/runtime/protocol.ts";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import { arnBuilder, functionRole } from "./roles.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** The one action of the product that deletes. */
export const DELETES = "rds:DeleteDBInstance";

/** The session tag under which the role was taken on: the practice's id. */
const SESSION = `\${aws:PrincipalTag/${PRACTICE_SESSION}}`;

/**
 * The clean-up of practices, the one exception from the Deny on deletes. The function's own role holds that Deny like
 * every other; it may take one role on, for one practice, by a session tag. That role may delete RDS instances whose
 * name has a practice's mark and whose tag is that practice's id: not the live instance, not another practice's, not
 * one without a tag.
 */
export function addCleaner(
  scope: Construct,
  service: string,
  functions: PlanFunctions,
  made: ThrowAway[],
): PublishedFunction {
  const arn = arnBuilder(scope);
  const bases = [...new Set(made.map(({ base }) => base))];
  // As `restoredName` makes them, whatever was cut from a long name.
  const throwAways = bases.map((base) => arn.of("rds", `db:${base.slice(0, 52)}*-p-*`));
  const cleaner = functionRole(scope, "PracticeCleanerRole", {
    description: `Cleans up after practices of ${service}: may only take its deleting role on`,
    permissions: [{ actions: ["rds:DescribeDBInstances"], resources: throwAways }],
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
      actions: [DELETES],
      resources: throwAways,
      conditions: { StringEquals: { [tag]: SESSION } },
    }),
  );
  const deny = (given: ConstructorParameters<typeof PolicyStatement>[0]) =>
    deleter.addToPolicy(new PolicyStatement({ ...given, effect: Effect.DENY }));
  deny({ notActions: [DELETES], resources: ["*"] });
  deny({ actions: [DELETES], notResources: throwAways });
  deny({ actions: [DELETES], resources: bases.map((base) => arn.of("rds", `db:${base}`)) });
  // A tag that is missing is not equal either.
  deny({ actions: [DELETES], resources: ["*"], conditions: { StringNotEquals: { [tag]: SESSION } } });
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
