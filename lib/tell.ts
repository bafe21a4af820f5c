import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { SOURCE } from "../lambdas/runtime/notices.ts";
import type { Permission } from "../lambdas/runtime/spec.ts";
import type { NoticeTopics } from "./notifications.ts";
import { secretsOf } from "./plan/audiences.ts";
import type { Plan } from "./plan/schema.ts";
import { arnBuilder } from "./roles.ts";
import { partitionAccess } from "./store.ts";

/** What a function that tells people needs: the plan's topics, its webhooks' secrets, the bus, and its own memory. */
export function tellPermissions(
  scope: Construct,
  plan: Plan,
  { table, topics }: { table: Table; topics: NoticeTopics },
): Permission[] {
  const arn = arnBuilder(scope);
  const secrets = secretsOf(plan);
  return [
    {
      actions: ["sns:Publish"],
      resources: [topics.notices.topicArn, ...(topics.chat ? [topics.chat.topicArn] : [])],
    },
    {
      actions: ["events:PutEvents"],
      resources: [arn.of("events", "event-bus/default")],
      conditions: { StringEquals: { "events:source": SOURCE } },
    },
    partitionAccess(table, `tell#${plan.service}`, ["dynamodb:GetItem", "dynamodb:PutItem"]),
    ...(secrets.length > 0
      ? [
          {
            actions: ["secretsmanager:GetSecretValue"],
            resources: secrets.map((secret) =>
              secret.startsWith("arn:") ? secret : arn.of("secretsmanager", `secret:${secret}-??????`),
            ),
          },
        ]
      : []),
  ];
}

/** Where such a function finds the topics. */
export const tellEnvironment = ({ notices, chat }: NoticeTopics): Record<string, string> => ({
  TOPIC_ARN: notices.topicArn,
  ...(chat ? { CHAT_TOPIC_ARN: chat.topicArn } : {}),
});
