import { Stack } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { DefinitionBody, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { explain } from "./nag.ts";
import { followUpsName } from "./names.ts";
import { permit } from "./roles.ts";
import { followUpsMachine } from "./workflow/follow-ups.ts";

/** The machine that waits for what is due after a run, and reminds. */
export function addFollowUps(scope: Construct, service: string, topic: ITopic, role: Role): StateMachine {
  permit(role, { actions: ["sns:Publish"], resources: [topic.topicArn] });
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
