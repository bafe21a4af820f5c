import type { AddPermissionCommandInput, AddPermissionCommandOutput } from "@aws-sdk/client-sns";
import type { PolicyDocument } from "../../front/iam/policy.ts";
import { operation } from "../../service.ts";
import { invalid } from "./errors.ts";
import { topicNamed } from "./state.ts";

const ACTIONS = new Set([
  "AddPermission",
  "DeleteTopic",
  "GetDataProtectionPolicy",
  "GetTopicAttributes",
  "ListSubscriptionsByTopic",
  "ListTagsForResource",
  "Publish",
  "PutDataProtectionPolicy",
  "RemovePermission",
  "SetTopicAttributes",
  "Subscribe",
]);

const one = <Value>(values: Value[]): Value | Value[] => (values.length === 1 ? values[0]! : values);

/** Adds a statement for other accounts to a topic's policy. */
export const AddPermission = operation<
  AddPermissionCommandInput,
  Omit<AddPermissionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:AddPermission", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region }) => {
    const topic = topicNamed({ world, region }, input.TopicArn);
    const policy = JSON.parse(topic.attributes.get("Policy")!) as PolicyDocument;
    const statements = [policy.Statement ?? []].flat();
    if (statements.some(({ Sid }) => Sid === input.Label)) throw invalid("Statement already exists");
    const actions = input.ActionName ?? [];
    if (actions.some((action) => !ACTIONS.has(action)))
      throw invalid("Policy statement action out of service scope!");
    const statement = {
      Sid: input.Label,
      Effect: "Allow",
      Principal: { AWS: one((input.AWSAccountId ?? []).map((account) => `arn:aws:iam::${account}:root`)) },
      Action: one(actions.map((action) => `SNS:${action}`)),
      Resource: topic.arn,
    };
    topic.attributes.set("Policy", JSON.stringify({ ...policy, Statement: [...statements, statement] }));
    return {};
  },
});
