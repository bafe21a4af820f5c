import { SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import type { Network } from "./functions.ts";
import type { Plan } from "./plan/schema.ts";

/** The plan's network, by ids: nothing is looked up at synthesis. */
export function networkOf(scope: Construct, { vpc }: Plan): Network | undefined {
  if (!vpc) return undefined;
  return {
    vpc: Vpc.fromVpcAttributes(scope, "Vpc", {
      vpcId: vpc.id,
      availabilityZones: vpc.subnets.map((_, index) => `az${index}`),
      privateSubnetIds: vpc.subnets,
    }),
    subnets: vpc.subnets.map((subnetId, index) => Subnet.fromSubnetId(scope, `Subnet${index}`, subnetId)),
    securityGroups: vpc.securityGroups.map((groupId, index) =>
      SecurityGroup.fromSecurityGroupId(scope, `Group${index}`, groupId),
    ),
  };
}
