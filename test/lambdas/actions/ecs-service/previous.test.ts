import { describe, expect, it } from "vitest";
import { withImage } from "../../../../lambdas/actions/ecs-service/definition.ts";
import { ecrImage } from "../../../../lambdas/actions/ecs-service/image.ts";
import { suspect } from "../../../../lambdas/actions/ecs-service/previous.ts";

describe("the rollout that a run is about", () => {
  const at = (time: string) => ({ serviceDeploymentArn: time, createdAt: new Date(`2026-01-08T${time}Z`) });
  const records = [at("09:00:00"), at("10:00:30"), at("10:20:00")];
  const release = (time: string) => ({ version: "1.3.0", startedAt: `2026-01-08T${time}Z` });

  it("is the first since the release began: later ones are repairs that did not help", () => {
    expect(suspect(records, release("10:00:00"))).toBe(records[1]);
    expect(suspect(records.toReversed(), release("10:00:00"))).toBe(records[1]);
  });

  it("may have begun a little before the pipeline said so", () => {
    expect(suspect(records, release("10:00:45"))).toBe(records[1]);
    expect(suspect(records, release("10:00:46"))).toBe(records[2]);
  });

  it("is none when nothing was rolled out since: another service's release is not taken for it", () => {
    expect(suspect(records, release("10:30:00"))).toBeUndefined();
    expect(suspect([], undefined)).toBeUndefined();
  });

  it("is the newest when no release is known", () => {
    expect(suspect(records, undefined)).toBe(records[2]);
  });
});

describe("an image's name", () => {
  const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
  const digest = `sha256:${"ab".repeat(32)}`;

  it.each([
    [`${registry}/hub:1.2`, { repository: "hub", id: { imageTag: "1.2" } }],
    [`${registry}/team/hub`, { repository: "team/hub", id: { imageTag: "latest" } }],
    [`${registry}/hub@${digest}`, { repository: "hub", id: { imageDigest: digest } }],
    [`${registry}/hub:1.2@${digest}`, { repository: "hub", id: { imageDigest: digest } }],
    ["nginx:1.27", undefined],
    ["public.ecr.aws/nginx/nginx:1", undefined],
  ])("%s", (name, found) => expect(ecrImage(name)).toEqual(found));
});

it("a revision with another image keeps everything else, and nothing that only describing adds", () => {
  const made = withImage(
    {
      family: "hub",
      revision: 7,
      status: "ACTIVE",
      taskDefinitionArn: "arn:aws:ecs:us-east-1:123456789012:task-definition/hub:7",
      taskRoleArn: "arn:aws:iam::123456789012:role/hub",
      cpu: "512",
      containerDefinitions: [
        { name: "hub", image: "hub:2", environment: [{ name: "A", value: "1" }] },
        { name: "proxy", image: "proxy:1" },
      ],
    },
    "hub",
    "hub:1",
  );

  expect(made).toEqual({
    family: "hub",
    taskRoleArn: "arn:aws:iam::123456789012:role/hub",
    cpu: "512",
    containerDefinitions: [
      { name: "hub", image: "hub:1", environment: [{ name: "A", value: "1" }] },
      { name: "proxy", image: "proxy:1" },
    ],
  });
});
