import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import { approvalPartition } from "./plan/approval.ts";
import { planHash } from "./plan/load.ts";
import type { Plan } from "./plan/schema.ts";
import { functionRole } from "./roles.ts";
import { partitionAccess, readLock } from "./store.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/**
 * Invocations of the page at once. The address is public: this keeps a flood from taking the account's concurrency
 * away from the run itself, at the price that a flood closes the page; the command line is the other way then.
 */
const PAGE_CONCURRENCY = 5;
/** The page reads two rows and writes one. */
const PAGE_SECONDS = 10;

/**
 * What a plan that names approvers needs beside the rest: a topic on which each approver hears his own mails alone,
 * the function that asks and settles, and the page that decides. Undefined for a plan that asks nobody.
 */
export function addApproval(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  { table, key }: { table: Table; key: IKey },
): { published: PublishedFunction; url: string } | undefined {
  if (!plan.approval) return undefined;
  const { service } = plan;
  const topic = addTopic(scope, service, plan.approval.approvers, key);
  const page = functions.add("ApprovalPage", {
    bundle: "approve",
    description: "shows what would change and takes the approvers' answers",
    role: functionRole(scope, "ApprovalPageRole", {
      description: `Reads and answers approvals of ${service}`,
      permissions: [
        partitionAccess(table, approvalPartition(service), ["dynamodb:GetItem", "dynamodb:UpdateItem"]),
        // Knows no resources; the token, which only this plan's table holds, is what names the task.
        { actions: ["states:SendTaskSuccess"], resources: ["*"] },
      ],
    }),
    timeoutSeconds: PAGE_SECONDS,
    reservedConcurrency: PAGE_CONCURRENCY,
    environment: { PLAN_HASH: planHash(plan) },
  });
  const { url } = page.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const asker = functionRole(scope, "ApprovalRole", {
    description: `Asks the approvers of ${service}`,
    permissions: [
      readLock(table, service),
      partitionAccess(table, approvalPartition(service), [
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
      ]),
      { actions: ["sns:Publish"], resources: [topic.topicArn] },
    ],
  });
  key.grant(asker, "kms:Decrypt", "kms:GenerateDataKey");
  const published = functions.publish("Approval", {
    bundle: "approval",
    description: "asks for approvals and reads what came of them",
    role: asker,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: { APPROVALS_TOPIC_ARN: topic.topicArn, PAGE_URL: url },
  });
  return { published, url };
}

/** A topic of its own: links must not reach whoever subscribes to the notices. */
function addTopic(scope: Construct, service: string, approvers: string[], masterKey: IKey): Topic {
  const topic = new Topic(scope, "Approvals", {
    displayName: `Approve ${service}`.slice(0, 100),
    enforceSSL: true,
    masterKey,
  });
  for (const address of approvers)
    topic.addSubscription(
      new EmailSubscription(address, {
        filterPolicy: { approver: SubscriptionFilter.stringFilter({ allowlist: [address] }) },
      }),
    );
  return topic;
}
