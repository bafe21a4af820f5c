import type { Service } from "../../service.ts";
import { AuthorizeSecurityGroupEgress } from "./AuthorizeSecurityGroupEgress.ts";
import { AuthorizeSecurityGroupIngress } from "./AuthorizeSecurityGroupIngress.ts";
import { CreateSecurityGroup } from "./CreateSecurityGroup.ts";
import { CreateSubnet } from "./CreateSubnet.ts";
import { CreateVpc } from "./CreateVpc.ts";
import { DeleteSecurityGroup } from "./DeleteSecurityGroup.ts";
import { DescribeSecurityGroups } from "./DescribeSecurityGroups.ts";
import { DescribeSubnets } from "./DescribeSubnets.ts";
import { DescribeVpcs } from "./DescribeVpcs.ts";
import { RevokeSecurityGroupEgress } from "./RevokeSecurityGroupEgress.ts";
import { RevokeSecurityGroupIngress } from "./RevokeSecurityGroupIngress.ts";

/** Amazon EC2, as far as databases and functions need a network: VPCs, subnets, security groups. */
export const ec2: Service = {
  name: "ec2",
  client: () => import("@aws-sdk/client-ec2"),
  operations: {
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    CreateSecurityGroup,
    CreateSubnet,
    CreateVpc,
    DeleteSecurityGroup,
    DescribeSecurityGroups,
    DescribeSubnets,
    DescribeVpcs,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
  },
};
