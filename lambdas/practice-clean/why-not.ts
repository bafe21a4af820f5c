import type { Tag } from "@aws-sdk/client-rds";
import { PRACTICE_TAG } from "../runtime/names.ts";
import type { RunContext } from "../runtime/protocol.ts";
import { tagOf } from "../runtime/rds/instances.ts";

/** What is known of an instance or a cluster that may be a throw-away. */
export interface Candidate {
  name: string | undefined;
  status: string | undefined;
  made: Date | undefined;
  TagList: Tag[] | undefined;
}

/**
 * Why an instance or a cluster is not this practice's to delete; undefined when it is. The role would refuse it as well:
 * this says so in words, and looks at what a policy cannot, when it was made. Pure.
 */
export function whyNot(
  { name = "what has no name", status, made, TagList }: Candidate,
  run: RunContext,
  base: string,
): string | undefined {
  const alone = "It was left alone; look who made it";
  if (name === base) return `${name} is the live one. ${alone}.`;
  const tag = tagOf({ TagList }, PRACTICE_TAG);
  if (tag !== run.id)
    return `${name} is not of practice ${run.id}: its tag ${PRACTICE_TAG} is ${tag === undefined ? "missing" : `"${tag}"`}. ${alone}.`;
  // RDS knows no time before it has been created.
  if (made === undefined)
    return status === "creating"
      ? undefined
      : `${name} is ${status}, and RDS does not say when it was made. ${alone}.`;
  const begun = Date.parse(run.startedAt);
  if (made.getTime() < begun)
    return `${name} was made at ${made.toISOString()}, before practice ${run.id} began at ${run.startedAt}. ${alone}.`;
  return undefined;
}
