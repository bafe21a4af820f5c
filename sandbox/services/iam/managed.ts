import type { PolicyDocument } from "../../front/iam/policy.ts";

const allow = (...Action: string[]): PolicyDocument => ({
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

/**
 * AWS managed policies that the CDK attaches, with their statements
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html).
 */
export const managedPolicies: Record<string, PolicyDocument> = {
  AWSLambdaBasicExecutionRole: allow("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
  AWSLambdaVPCAccessExecutionRole: allow(
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ),
  AWSXRayDaemonWriteAccess: allow(
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
  ),
};
