import { RemovalPolicy } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { gateName } from "./names.ts";

/**
 * The gate that pipelines read before they deploy: `open` or `closed`. `watchdog freeze` closes it, `watchdog unfreeze`
 * opens it. A later deployment of this stack leaves the value as somebody set it: what the template says never changes.
 */
export function addGate(scope: Construct, service: string): void {
  const gate = new StringParameter(scope, "Gate", {
    parameterName: gateName(service),
    description: `Deployments of ${service}: open, or closed by watchdog freeze`,
    stringValue: "open",
    allowedPattern: "^(open|closed)$",
  });
  // What is read by name from pipelines must not outlive the stack as a gate that nobody can open.
  gate.applyRemovalPolicy(RemovalPolicy.DESTROY);
}
