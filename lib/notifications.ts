import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";

/** The plan's topic; each address confirms once, by the link that SNS sends it. */
export function addNotifications(scope: Construct, service: string, email: string[]): Topic {
  const topic = new Topic(scope, "Notices", {
    displayName: `Rollback Watchdog ${service}`.slice(0, 100),
    enforceSSL: true,
  });
  for (const address of email) topic.addSubscription(new EmailSubscription(address));
  return topic;
}
