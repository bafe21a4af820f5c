import { describe, expect, it } from "vitest";
import { mustPass } from "../../../../lambdas/actions/ecs-service/definition.ts";
import { imagesOf } from "../../../../lambdas/actions/ecs-service/image.ts";
import { remaining } from "../../../../lambdas/actions/ecs-service/previous.ts";

const ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

describe("the images of a definition that are looked for", () => {
  const containers = [
    { name: "log-router", image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable" },
    { name: "shop", image: `${ECR}/shop:41` },
    { name: "worker", image: `${ECR}/shop:41` },
  ];

  it("are those of the repository, once each, beside the sidecars' own", () => {
    expect(imagesOf(containers, { repository: "shop" })).toEqual([`${ECR}/shop:41`]);
  });

  it("are the named container's, or all where no repository is named or fits", () => {
    expect(imagesOf(containers, { container: "log-router", repository: "shop" })).toEqual([
      containers[0]!.image,
    ]);
    expect(imagesOf(containers, {})).toHaveLength(2);
    expect(imagesOf(containers, { repository: "other" })).toHaveLength(2);
  });
});

describe("roles of a definition", () => {
  const taskDefinitionArn = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop:41";
  const taskRoleArn = "arn:aws:iam::123456789012:role/task";
  const executionRoleArn = "arn:aws:iam::123456789012:role/execution";

  it("are refused unless the step may hand them over", () => {
    expect(() => mustPass({ taskDefinitionArn, taskRoleArn, executionRoleArn }, [taskRoleArn])).toThrow(
      /shop:41 names arn:aws:iam::123456789012:role\/execution,.*passRoles/,
    );
    expect(() => mustPass({ taskDefinitionArn, taskRoleArn }, [taskRoleArn])).not.toThrow();
    expect(() => mustPass({ taskDefinitionArn }, [])).not.toThrow();
  });
});

describe("what a deployment changed of the service itself", () => {
  const networkConfiguration = (group: string) => ({
    awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: [group] },
  });

  it("is said, since a task definition does not bring it back", () => {
    const before = { taskDefinition: "shop:1", networkConfiguration: networkConfiguration("sg-1") };
    const after = { taskDefinition: "shop:2", networkConfiguration: networkConfiguration("sg-2") };

    expect(remaining(before, after)).toEqual([expect.stringContaining("changed networkConfiguration")]);
    expect(remaining(before, { ...before, taskDefinition: "shop:2" })).toEqual([]);
    expect(remaining(before, undefined)).toEqual([]);
  });
});
