import { Annotations } from "aws-cdk-lib";
import { SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import type { Network } from "./functions.ts";
import type { Plan } from "./plan/schema.ts";

/** The plan's network, by ids: nothing is looked up at synthesis. */
export function networkOf(scope: Construct, { vpc }: Plan): Network | undefined {
  if (!vpc) return undefined;
  const subnets = vpc.subnets.map((subnetId, index) =>
    Subnet.fromSubnetId(scope, `Subnet${index}`, subnetId),
  );
  // Functions have no use for the route tables that the CDK misses.
  for (const subnet of subnets)
    Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId");
  return {
    vpc: Vpc.fromVpcAttributes(scope, "Vpc", {
      vpcId: vpc.id,
      availabilityZones: vpc.subnets.map((_, index) => `az${index}`),
    }),
    subnets,
    securityGroups: vpc.securityGroups.map((groupId, index) =>
      SecurityGroup.fromSecurityGroupId(scope, `Group${index}`, groupId),
    ),
  };
}
