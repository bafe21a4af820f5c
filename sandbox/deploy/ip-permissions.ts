/** Properties of one security group rule, inside the group or as a resource of its own. */
export const RULE_PROPERTIES = [
  "IpProtocol",
  "FromPort",
  "ToPort",
  "CidrIp",
  "CidrIpv6",
  "Description",
  "SourceSecurityGroupId",
  "DestinationSecurityGroupId",
];

/** CloudFormation's flat rules → EC2's permissions. */
export function permissionsOf(rules: unknown): object[] {
  return ((rules ?? []) as Record<string, unknown>[]).map((rule) => {
    const described = rule["Description"] === undefined ? {} : { Description: rule["Description"] };
    const group = rule["SourceSecurityGroupId"] ?? rule["DestinationSecurityGroupId"];
    return {
      IpProtocol: String(rule["IpProtocol"]),
      ...(rule["FromPort"] === undefined ? {} : { FromPort: Number(rule["FromPort"]) }),
      ...(rule["ToPort"] === undefined ? {} : { ToPort: Number(rule["ToPort"]) }),
      ...(rule["CidrIp"] === undefined ? {} : { IpRanges: [{ CidrIp: rule["CidrIp"], ...described }] }),
      ...(rule["CidrIpv6"] === undefined
        ? {}
        : { Ipv6Ranges: [{ CidrIpv6: rule["CidrIpv6"], ...described }] }),
      ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, ...described }] }),
    };
  });
}
