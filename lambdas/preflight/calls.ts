import { IAMServiceException } from "@aws-sdk/client-iam";
import type { PlanCallsEvent, PlannedRun } from "../runtime/protocol.ts";
import { pastTime } from "./past.ts";
import { idsOf, type Permitted, permitted } from "./permitted.ts";

/**
 * What a run that changes nothing would have called, step after step, and what IAM says of each call. A dry run does not
 * fail because IAM could not be asked: the answer says so, and so does its mail.
 */
export async function plannedRun(event: PlanCallsEvent, table: string, now: number): Promise<PlannedRun> {
  const { run, steps, expected, loses, seconds, usd } = event;
  const wanted = new Set(steps);
  let found = new Map<string, Permitted>();
  let unknown = "";
  try {
    found = await permitted(expected.filter((each) => idsOf(each).some((of) => wanted.has(of))));
  } catch (error) {
    if (!(error instanceof IAMServiceException)) throw error;
    unknown = `IAM could not be asked: ${error.name}: ${error.message}`;
  }
  return {
    steps: steps.map((step) => ({ step, calls: found.get(step)?.calls ?? [] })),
    loses,
    seconds,
    usd,
    past: await pastTime(table, run.service, now),
    unknown,
  };
}
