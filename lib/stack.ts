import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { stackName } from "./names.ts";
import { loadPlanOrThrow } from "./plan/load.ts";
import { RollbackWatchdog, type RollbackWatchdogProps } from "./watchdog.ts";

/** One stack for one plan: one blast radius. */
export class WatchdogStack extends Stack {
  readonly watchdog: RollbackWatchdog;

  constructor(scope: Construct, props: StackProps & RollbackWatchdogProps) {
    const { plan: given, bundles, network, email, ...rest } = props;
    const plan = typeof given === "string" ? loadPlanOrThrow(given) : given;
    super(scope, stackName(plan.service), {
      description: `Rollback Watchdog for ${plan.service}`,
      terminationProtection: true,
      analyticsReporting: false,
      // A quarter of what CloudFormation takes of a template would be white space.
      suppressTemplateIndentation: true,
      ...rest,
    });
    this.watchdog = new RollbackWatchdog(this, "Watchdog", {
      plan,
      bundles,
      ...(network ? { network } : {}),
      ...(email ? { email } : {}),
    });
    const { stateMachine, table, topic, chatTopic, reports, trigger, deadLetters } = this.watchdog;
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description });
    output("StateMachineArn", stateMachine.stateMachineArn, "Start a run by hand here");
    output("TableName", table.tableName, "Lock, freeze, history and deployments");
    output("TopicArn", topic.topicArn, "Notices; subscribe more people here");
    if (chatTopic)
      output(
        "ChatTopicArn",
        chatTopic.topicArn,
        "Custom notifications; add it to a chat channel in Amazon Q Developer",
      );
    output("ReportsBucket", reports.bucketName, "Incident reports");
    output("TriggerFunction", trigger.functionName, "Called by the alarms");
    if (this.watchdog.approvalUrl)
      output("ApprovalUrl", this.watchdog.approvalUrl, "Where approvers decide, each by a link of his own");
    output("DeadLettersUrl", deadLetters.queueUrl, "Alarms and deployments that could not be taken");
  }
}
