import { CfnResource, Stack } from "aws-cdk-lib";
import { CfnPolicy } from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";

/** A cdk-nag finding that stays, and why. `appliesTo`: which of a rule's findings, as regular expressions. */
export interface Explanation {
  id: string;
  reason: string;
  appliesTo?: string[];
}

/**
 * Writes reasons where cdk-nag reads them. The metadata is written here, not by cdk-nag itself, so that a synthesis
 * does not load every rule; test/lib/nag.test.ts runs them all.
 */
export function explain(construct: IConstruct, explanations: Explanation[]): void {
  for (const node of construct.node.findAll())
    if (CfnResource.isCfnResource(node)) {
      const before = (node.getMetadata("cdk_nag") as { rules_to_suppress: object[] } | undefined)
        ?.rules_to_suppress;
      const rules = explanations.map(({ id, reason, appliesTo }) => ({
        id,
        reason,
        ...(appliesTo ? { applies_to: appliesTo.map((regex) => ({ regex: `/${regex}/` })) } : {}),
      }));
      node.addMetadata("cdk_nag", { rules_to_suppress: [...(before ?? []), ...rules] });
    }
}

/** Wildcards that a policy of the watchdog may hold, each with why nothing narrower can be written at synthesis. */
const WILDCARDS: { pattern: RegExp; regex: string; reason: string }[] = [
  {
    pattern: /^\*$/,
    regex: "^Resource::\\*$",
    reason:
      "X-Ray's Put calls, CloudWatch's DescribeAlarms, GetMetricData and PutMetricData (limited to one namespace), Route 53's TestDNSAnswer, log delivery, SendTaskSuccess and SendTaskFailure (whose token names the task) and a function's network interfaces " +
      "know no resources; test/lib/roles.test.ts holds statements on * to these actions.",
  },
  {
    pattern: /:db:.*\*/,
    regex: "^Resource::.*:db:.+-[rp]-\\*$",
    reason:
      "A run names what it restores, and a practice its throw-aways: the source's name, -r- or -p-, and a digest of the run.",
  },
  {
    pattern: /:snapshot:.*\*/,
    regex: "^Resource::.*:snapshot:.+\\*$",
    reason: "A run names the snapshots it takes: the source's name and a digest of the run.",
  },
  {
    pattern: /:auto-backup:\*/,
    regex: "^Resource::.*:auto-backup:\\*$",
    reason: "RDS names automated backups by an id that is not known at synthesis; the call only reads.",
  },
  {
    pattern: /:(pg|og|subgrp):\*/,
    regex: "^Resource::.*:(pg|og|subgrp):\\*$",
    reason:
      "A restore must name the groups of its source, which are read at run time; it attaches and does not change them.",
  },
  {
    pattern: /:s3:::.+\*/,
    regex: "^Resource::arn:.*:s3:::.+\\*.*$",
    reason:
      "Which release a manifest named before is known when a run begins; the call only reads a release's files.",
  },
  {
    pattern: /:change\/\*/,
    regex: "^Resource::.*:change\\/\\*$",
    reason: "Route 53 makes a change's id when the change is made; the call only reads.",
  },
  {
    pattern: /\.Arn.*\/[a-z0-9-]+\/\*|Reports/,
    regex: "^Resource::<.*Reports.*\\.Arn>\\/.+\\/\\*$",
    reason: "Each run writes its report into a folder of its own below the service's.",
  },
  {
    pattern: /:s3:::[a-z0-9.-]+\/.+\/\*/,
    regex: "^Resource::arn:.*:s3:::[a-z0-9.-]+\\/.+\\/\\*$",
    reason: "Each run writes dumps and rows below a key of its own, below the prefix that the plan names.",
  },
  {
    pattern: /:application\/.+\/(deployment|hostedconfigurationversion)\/\*/,
    regex: "^Resource::arn:.*:application\\/.+\\/(deployment|hostedconfigurationversion)\\/\\*$",
    reason:
      "AppConfig numbers deployments and versions when they are made; each is one of the profile that the plan names.",
  },
  {
    pattern: /:function:[A-Za-z0-9_-]+:\*/,
    regex: "^Resource::arn:.*:function:[A-Za-z0-9_-]+:\\*$",
    reason: "Which versions the plan's function has is read at run time; the call only reads.",
  },
  {
    pattern: /:execution:[A-Za-z0-9-]+:\*/,
    regex: "^Resource::arn:.*:execution:[A-Za-z0-9-]+:\\*$",
    reason:
      "Each run and each part of a ramp's hold has an execution of its own name, which is read, and of a hold stopped with its ramp.",
  },
  {
    pattern: /:\*"/,
    regex: "^Resource::<.*\\.Arn>:\\*$",
    reason:
      "Any published version of exactly these functions: a run that began before a deployment still calls the versions " +
      "it began with. $LATEST is denied.",
  },
];

/** Explains the wildcards of every policy below a construct; one that is in no row stays a finding. */
export function explainWildcards(construct: IConstruct): void {
  for (const node of construct.node.findAll())
    if (node instanceof CfnPolicy) {
      const { Statement } = Stack.of(node).resolve(node.policyDocument) as {
        Statement: { Effect: string; Action: string | string[]; Resource: unknown }[];
      };
      const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
      const texts = allowed.flatMap(({ Action, Resource }) =>
        [Action, Resource].flat().map((each) => (typeof each === "string" ? each : JSON.stringify(each))),
      );
      const found = WILDCARDS.filter(({ pattern }) => texts.some((text) => pattern.test(text)));
      if (found.length > 0)
        explain(
          node,
          found.map(({ regex, reason }) => ({ id: "AwsSolutions-IAM5", reason, appliesTo: [regex] })),
        );
    }
}
