import { z } from "zod";
import { Span } from "./values.ts";

/** Something people do after a run. */
export const FollowUp = z.strictObject({
  what: z.string().trim().min(1).max(300).describe("what is to be done, one sentence"),
  within: Span.describe("due so long after the end of the run; a reminder is sent then"),
});

/** What the runbooks ask for after an incident (O12, H9, T15). */
export const FOLLOW_UPS: z.input<typeof FollowUp>[] = [
  { what: "Update the status page and tell stakeholders that the service is restored.", within: "1h" },
  {
    what: "Keep logs and metrics of the incident before they expire, and complete the timeline.",
    within: "1h",
  },
  {
    what: "Open a ticket for the root cause, and bring infrastructure code and Git in line with the changes.",
    within: "8h",
  },
  { what: "Decide what of the data that was set aside has to come back.", within: "8h" },
  { what: "Hold the review of the incident, without blame.", within: "48h" },
  { what: "Agree on what prevents it: tests, alarms, the deployment procedure, this plan.", within: "7d" },
];
