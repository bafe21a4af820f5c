import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";

/** AWS services that publish to the topic by themselves: alarms, and the rule on executions that nobody could announce. */
const PUBLISHERS = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

/** The plan's topic; each address confirms once, by the link that SNS sends it. */
export function addNotifications(scope: Construct, service: string, email: string[]): Topic {
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
  for (const address of email) topic.addSubscription(new EmailSubscription(address));
  return topic;
}
