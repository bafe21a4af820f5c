import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { AUDIENCE_ATTRIBUTE } from "../lambdas/runtime/notices.ts";
import { subscribers } from "./plan/audiences.ts";
import type { Plan } from "./plan/schema.ts";

/** AWS services that publish to the topic by themselves: alarms, and the rule on executions that nobody could announce. */
const PUBLISHERS = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

/** Where notices go: the topic of mails, and the one of chat if the plan wants one. */
export interface NoticeTopics {
  notices: Topic;
  chat: Topic | undefined;
}

/** The plan's topics; each address confirms once, by the link that SNS sends it. `extra` are further engineers. */
export function addNotifications(scope: Construct, plan: Plan, extra: string[]): NoticeTopics {
  const { service } = plan;
  const { account } = Stack.of(scope);
  const key = new Key(scope, "NoticesKey", {
    description: `Encrypts the notices of ${service}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const topic = new Topic(scope, "Notices", {
    displayName: `Rollback Watchdog ${service}`.slice(0, 100),
    enforceSSL: true,
    masterKey: key,
  });
  const publishers = PUBLISHERS.map((name) => new ServicePrincipal(name));
  const conditions = { StringEquals: { "aws:SourceAccount": account } };
  // A topic with a policy of its own loses the default one, which is what lets alarms publish. The key has its own list.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsAndRulesOfThisAccount",
      effect: Effect.ALLOW,
      principals: publishers,
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions,
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsAndRulesOfThisAccount",
      effect: Effect.ALLOW,
      principals: publishers,
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions,
    }),
  );
  for (const [address, listensTo] of subscribers(plan, extra))
    topic.addSubscription(
      new EmailSubscription(address, { filterPolicy: { [AUDIENCE_ATTRIBUTE]: filterOf(listensTo) } }),
    );
  return { notices: topic, chat: plan.notify.chat ? chatTopic(scope, service, key) : undefined };
}

/** Alarms and rules publish without saying to whom: that is for engineers. */
const filterOf = (listensTo: string[]) =>
  new SubscriptionFilter([...listensTo, ...(listensTo.includes("engineers") ? [{ exists: false }] : [])]);

/** Custom notifications only; a channel's configuration in Amazon Q Developer names this topic. */
function chatTopic(scope: Construct, service: string, masterKey: Key): Topic {
  return new Topic(scope, "Chat", {
    displayName: `Rollback Watchdog ${service} chat`.slice(0, 100),
    enforceSSL: true,
    masterKey,
  });
}
