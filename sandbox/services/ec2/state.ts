import type { IpPermission, SecurityGroup, Subnet, Tag, TagSpecification, Vpc } from "@aws-sdk/client-ec2";
import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";

type Known<Shape, Key extends keyof Shape> = Shape & { [Each in Key]-?: NonNullable<Shape[Each]> };
export type KnownVpc = Known<Vpc, "VpcId">;
export type KnownSubnet = Known<Subnet, "SubnetId" | "VpcId">;
export type KnownGroup = Known<
  SecurityGroup,
  "GroupId" | "GroupName" | "IpPermissions" | "IpPermissionsEgress"
>;

/** The account's networks, by id. */
export interface Ec2State {
  vpcs: Map<string, KnownVpc>;
  subnets: Map<string, KnownSubnet>;
  groups: Map<string, KnownGroup>;
  /** Every account has a default VPC, with a default security group. */
  defaultVpcId: string;
}

const ZONES = ["a", "b", "c"];

export const ec2State = stateOf((world): Ec2State => {
  const state: Ec2State = { vpcs: new Map(), subnets: new Map(), groups: new Map(), defaultVpcId: "" };
  state.defaultVpcId = addVpc(world, state, "172.31.0.0/16", [], true).VpcId;
  for (const [index, zone] of ZONES.entries())
    addSubnet(world, state, state.defaultVpcId, {
      cidr: `172.31.${index * 16}.0/20`,
      zone: `${world.region}${zone}`,
      isDefault: true,
    });
  return state;
});

/** An id as EC2 makes them: `sg-0123456789abcdef0`. */
const ec2Id = (prefix: string) => `${prefix}-0${randomId(16, "0123456789abcdef")}`;

/** Makes a VPC with its default security group, which admits its own members only. */
export function addVpc(
  world: World,
  state: Ec2State,
  cidr: string,
  tags: Tag[],
  isDefault = false,
): KnownVpc {
  const vpc: KnownVpc = {
    VpcId: ec2Id("vpc"),
    CidrBlock: cidr,
    State: "available",
    IsDefault: isDefault,
    OwnerId: world.account,
    InstanceTenancy: "default",
    Tags: tags,
  };
  state.vpcs.set(vpc.VpcId, vpc);
  const group = addGroup(world, state, {
    name: "default",
    description: "default VPC security group",
    vpcId: vpc.VpcId,
    tags: [],
  });
  group.IpPermissions.push({
    IpProtocol: "-1",
    UserIdGroupPairs: [{ GroupId: group.GroupId, UserId: world.account }],
  });
  return vpc;
}

/** Makes a subnet in a VPC. */
export function addSubnet(
  world: World,
  state: Ec2State,
  vpcId: string,
  options: { cidr: string; zone: string; tags?: Tag[]; isDefault?: boolean },
): KnownSubnet {
  const subnet: KnownSubnet = {
    SubnetId: ec2Id("subnet"),
    VpcId: vpcId,
    CidrBlock: options.cidr,
    AvailabilityZone: options.zone,
    AvailableIpAddressCount: 2 ** (32 - Number(options.cidr.split("/")[1])) - 5,
    State: "available",
    DefaultForAz: options.isDefault ?? false,
    MapPublicIpOnLaunch: options.isDefault ?? false,
    OwnerId: world.account,
    Tags: options.tags ?? [],
  };
  subnet.SubnetArn = world.arn("ec2", `subnet/${subnet.SubnetId}`);
  state.subnets.set(subnet.SubnetId, subnet);
  return subnet;
}

/** Makes a security group: nothing in, everything out. */
export function addGroup(
  world: World,
  state: Ec2State,
  options: { name: string; description: string; vpcId: string; tags: Tag[] },
): KnownGroup {
  const group: KnownGroup = {
    GroupId: ec2Id("sg"),
    GroupName: options.name,
    Description: options.description,
    VpcId: options.vpcId,
    OwnerId: world.account,
    IpPermissions: [],
    IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    Tags: options.tags,
  };
  group.SecurityGroupArn = world.arn("ec2", `security-group/${group.GroupId}`);
  state.groups.set(group.GroupId, group);
  return group;
}

/** The default security group of the default VPC: what a restored database gets unless told otherwise. */
export function defaultSecurityGroupId(world: World): string {
  const state = ec2State(world);
  for (const group of state.groups.values())
    if (group.GroupName === "default" && group.VpcId === state.defaultVpcId) return group.GroupId;
  throw new Error("The default VPC has lost its default security group");
}

/**
 * Whether any ingress rule of the group lets TCP in on `port`, from anywhere. The sandbox has no addresses to
 * compare sources with: a rule for one source counts as open, a group without a rule for the port as shut.
 */
export function securityGroupAdmits(world: World, groupId: string, port: number): boolean {
  const group = ec2State(world).groups.get(groupId);
  return (group?.IpPermissions ?? []).some((rule) => {
    if (rule.IpProtocol === "-1") return true;
    return rule.IpProtocol === "tcp" && (rule.FromPort ?? 0) <= port && port <= (rule.ToPort ?? 65535);
  });
}

/** The group, or EC2's error. `name` works for the default VPC only, as on AWS. */
export function groupOf(world: World, groupId: string | undefined, name?: string): KnownGroup {
  const state = ec2State(world);
  const found = groupId
    ? state.groups.get(groupId)
    : [...state.groups.values()].find((each) => each.GroupName === name && each.VpcId === state.defaultVpcId);
  if (!found)
    throw new ServiceException(
      "InvalidGroup.NotFound",
      `The security group '${groupId ?? name}' does not exist`,
    );
  return found;
}

/** Tags for the resource in a Create request. */
export function tagsFor(type: string, specifications: TagSpecification[] | undefined): Tag[] {
  return (specifications ?? [])
    .filter((each) => each.ResourceType === type)
    .flatMap((each) => each.Tags ?? []);
}

/** Two rules are the same when protocol, ports and sources are. */
export function sameRule(left: IpPermission, right: IpPermission): boolean {
  const text = (rule: IpPermission) =>
    JSON.stringify([
      rule.IpProtocol,
      rule.FromPort,
      rule.ToPort,
      (rule.IpRanges ?? []).map((each) => each.CidrIp).toSorted(),
      (rule.Ipv6Ranges ?? []).map((each) => each.CidrIpv6).toSorted(),
      (rule.UserIdGroupPairs ?? []).map((each) => each.GroupId).toSorted(),
    ]);
  return text(left) === text(right);
}
