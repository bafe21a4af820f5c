import type { DBInstance } from "@aws-sdk/client-rds";
import { PRACTICE_TAG } from "../runtime/names.ts";
import type { RunContext } from "../runtime/protocol.ts";
import { tagOf } from "../runtime/rds/instances.ts";

/**
 * Why an instance is not this practice's to delete; undefined when it is. The role would refuse it as well: this says
 * so in words, and looks at what a policy cannot, when it was made. Pure.
 */
export function whyNot(instance: DBInstance, run: RunContext, base: string): string | undefined {
  const name = instance.DBInstanceIdentifier ?? "an instance without a name";
  const alone = "It was left alone; look who made it";
  if (name === base) return `${name} is the live instance. ${alone}.`;
  const tag = tagOf(instance, PRACTICE_TAG);
  if (tag !== run.id)
    return `${name} is not of practice ${run.id}: its tag ${PRACTICE_TAG} is ${tag === undefined ? "missing" : `"${tag}"`}. ${alone}.`;
  const made = instance.InstanceCreateTime;
  // RDS knows no time before the instance has been created.
  if (made === undefined)
    return instance.DBInstanceStatus === "creating"
      ? undefined
      : `${name} is ${instance.DBInstanceStatus}, and RDS does not say when it was made. ${alone}.`;
  const begun = Date.parse(run.startedAt);
  if (made.getTime() < begun)
    return `${name} was made at ${made.toISOString()}, before practice ${run.id} began at ${run.startedAt}. ${alone}.`;
  return undefined;
}
