import type { RemovePermissionCommandInput, RemovePermissionCommandOutput } from "@aws-sdk/client-sns";
import type { PolicyDocument } from "../../front/iam/policy.ts";
import { operation } from "../../service.ts";
import { topicNamed } from "./state.ts";

/** Takes a statement from a topic's policy; one that is not there is no error. */
export const RemovePermission = operation<
  RemovePermissionCommandInput,
  Omit<RemovePermissionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:RemovePermission", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region }) => {
    const topic = topicNamed({ world, region }, input.TopicArn);
    const policy = JSON.parse(topic.attributes.get("Policy")!) as PolicyDocument;
    const Statement = [policy.Statement ?? []].flat().filter(({ Sid }) => Sid !== input.Label);
    topic.attributes.set("Policy", JSON.stringify({ ...policy, Statement }));
    return {};
  },
});
