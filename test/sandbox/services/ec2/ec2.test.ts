import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ec2 } from "../../../../sandbox/services/ec2/index.ts";
import { securityGroupAdmits } from "../../../../sandbox/services/ec2/state.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: EC2Client;

beforeAll(async () => {
  test = await openWorld([ec2]);
  client = new EC2Client(test.admin);
});
afterAll(() => test.close());

describe("EC2 networks", () => {
  it("a new security group admits nothing, then what its rules say, then nothing again", async () => {
    const { GroupId } = await client.send(
      new CreateSecurityGroupCommand({ GroupName: "db", Description: "database" }),
    );
    const rule = {
      GroupId,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: "10.0.0.0/16" }] },
      ],
    };

    const before = securityGroupAdmits(test.world, GroupId!, 5432);
    await client.send(new AuthorizeSecurityGroupIngressCommand(rule));
    const open = [5432, 5433].map((port) => securityGroupAdmits(test.world, GroupId!, port));
    await client.send(new RevokeSecurityGroupIngressCommand(rule));
    const after = securityGroupAdmits(test.world, GroupId!, 5432);

    expect([before, open, after]).toEqual([false, [true, false], false]);
  });

  it("answers a group's rules as they were given", async () => {
    const { GroupId } = await client.send(
      new CreateSecurityGroupCommand({ GroupName: "web", Description: "the web" }),
    );
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpProtocol: "tcp",
        FromPort: 443,
        ToPort: 443,
        CidrIp: "0.0.0.0/0",
      }),
    );

    const { SecurityGroups } = await client.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: ["w*b"] }] }),
    );

    expect(SecurityGroups).toHaveLength(1);
    expect(SecurityGroups?.[0]).toMatchObject({
      GroupId,
      GroupName: "web",
      Description: "the web",
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
  });

  it("puts subnets into the VPC they were made in, with their tags", async () => {
    const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }));
    const { Subnet } = await client.send(
      new CreateSubnetCommand({
        VpcId: Vpc?.VpcId,
        CidrBlock: "10.1.1.0/24",
        TagSpecifications: [{ ResourceType: "subnet", Tags: [{ Key: "tier", Value: "private" }] }],
      }),
    );

    const { Subnets } = await client.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: "tag:tier", Values: ["private"] }] }),
    );

    expect(Subnets?.map((each) => [each.SubnetId, each.VpcId])).toEqual([[Subnet?.SubnetId, Vpc?.VpcId]]);
  });

  it("refuses rules for a group that does not exist", async () => {
    const missing = client.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: "sg-0000", IpProtocol: "-1", CidrIp: "0.0.0.0/0" }),
    );

    await expect(missing).rejects.toMatchObject({ name: "InvalidGroup.NotFound" });
  });
});
