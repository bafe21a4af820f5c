import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { shownActions } from "./sign-in.ts";
import type { Listener, LoadBalancer, Rule, TargetGroup } from "./state.ts";

/** A load balancer as the API shows it. */
export const balancerAnswer = (balancer: LoadBalancer): elb.LoadBalancer => ({
  LoadBalancerArn: balancer.arn,
  LoadBalancerName: balancer.name,
  DNSName: balancer.dnsName,
  CreatedTime: new Date(balancer.createdAt),
  Scheme: "internal",
  State: { Code: "active" },
  Type: "application",
});

export const ruleAnswer = (rule: Rule): elb.Rule => ({
  RuleArn: rule.arn,
  Priority: rule.priority,
  Conditions: rule.conditions,
  Actions: shownActions(rule.actions),
  IsDefault: rule.priority === "default",
});

export const listenerAnswer = (listener: Listener): elb.Listener => ({
  ListenerArn: listener.arn,
  LoadBalancerArn: listener.balancer,
  Port: listener.port,
  Protocol: listener.protocol,
  ...(listener.certificate ? { Certificates: [{ CertificateArn: listener.certificate }] } : {}),
  DefaultActions: shownActions(listener.rules.at(-1)!.actions),
});

export const targetGroupAnswer = (group: TargetGroup): elb.TargetGroup => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: "HTTP",
  Port: group.port,
  TargetType: "ip",
  HealthCheckPath: group.path,
  HealthCheckIntervalSeconds: group.intervalSeconds,
  HealthCheckTimeoutSeconds: group.timeoutSeconds,
  HealthyThresholdCount: group.healthyThreshold,
  UnhealthyThresholdCount: group.unhealthyThreshold,
  Matcher: { HttpCode: group.matcher },
});
