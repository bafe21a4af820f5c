import { Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { DefinitionBody, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { explain } from "./nag.ts";
import { followUpsName } from "./names.ts";
import { followUpsMachine } from "./workflow/follow-ups.ts";

/** The machine that waits for what is due after a run, and may do nothing but publish to the plan's topic. */
export function addFollowUps(scope: Construct, service: string, topic: ITopic): StateMachine {
  const role = new Role(scope, "FollowUpsRole", {
    assumedBy: new ServicePrincipal("states.amazonaws.com"),
    description: `Reminds of what follows an incident of ${service}`,
  });
  role.addToPolicy(new PolicyStatement({ actions: ["sns:Publish"], resources: [topic.topicArn] }));
  topic.masterKey?.grant(role, "kms:Decrypt", "kms:GenerateDataKey");
  const { partition } = Stack.of(scope);
  const machine = new StateMachine(scope, "FollowUps", {
    stateMachineName: followUpsName(service),
    definitionBody: DefinitionBody.fromString(
      Stack.of(scope).toJsonString(followUpsMachine(topic.topicArn, partition)),
    ),
    role,
    tracingEnabled: true,
  });
  explain(machine, [
    {
      id: "AwsSolutions-SF1",
      reason: "It waits and publishes; the execution's own history holds all of it for 90 days.",
    },
  ]);
  return machine;
}
