import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { RollbackWatchdog, type RollbackWatchdogProps } from "./watchdog.ts";

/** `llm-research-lab` → `LlmResearchLabWatchdog` */
export const stackName = (service: string): string =>
  `${service.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}Watchdog`;

/** One stack for one plan: one blast radius. */
export class WatchdogStack extends Stack {
  readonly watchdog: RollbackWatchdog;

  constructor(scope: Construct, props: StackProps & RollbackWatchdogProps) {
    const { plan, bundles, ...rest } = props;
    super(scope, stackName(plan.service), {
      description: `Rollback Watchdog for ${plan.service}`,
      terminationProtection: true,
      analyticsReporting: false,
      ...rest,
    });
    this.watchdog = new RollbackWatchdog(this, "Watchdog", { plan, bundles });
  }
}
