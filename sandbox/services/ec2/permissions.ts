import type { AuthorizeSecurityGroupIngressCommandInput, IpPermission } from "@aws-sdk/client-ec2";

/** The rules of a request, whether given as IpPermissions or in the short form of one rule. */
export function permissionsOf(
  input: Pick<
    AuthorizeSecurityGroupIngressCommandInput,
    "IpPermissions" | "IpProtocol" | "FromPort" | "ToPort" | "CidrIp"
  >,
): IpPermission[] {
  if (input.IpPermissions && input.IpPermissions.length > 0) return input.IpPermissions;
  const IpRanges = input.CidrIp ? [{ CidrIp: input.CidrIp }] : [];
  return [{ IpProtocol: input.IpProtocol ?? "-1", FromPort: input.FromPort, ToPort: input.ToPort, IpRanges }];
}
