import { z } from "zod";
import { Check, Step } from "./stage.ts";
import { Duration, Id, Span } from "./values.ts";

/** How a release that was rolled back goes out again, once it is fixed: in steps, each held and measured. */
export const Redeploy = z
  .strictObject({
    every: Span.default("5m").describe("between two rounds of checks while a step is held"),
    progress: Span.default("24h").describe(
      "people are told that a step still holds each time this has passed; so long is also one execution of the hold",
    ),
    settle: Duration.default("10m").describe(
      "after going back, before alarms that still ring begin a rollback",
    ),
    tolerate: z
      .int()
      .min(0)
      .max(50)
      .default(2)
      .describe(
        "rounds in a row that may be inconclusive; beyond that the ramp stops where it is, for a person",
      ),
    atOnce: z
      .array(Id)
      .default([])
      .describe(
        "triggers that begin a rollback at once instead of taking the ramp back a step; those of SEV-1 and all events do so anyway",
      ),
    approval: z
      .strictObject({
        ask: z
          .enum(["ramp", "step"])
          .default("ramp")
          .describe(
            "`ramp`: once, before its first change; `step`: before each step that changes something, without the lock",
          ),
        deadline: Span.default("24h").describe(
          "how long an answer is waited for; without one the ramp stays where it is, for a person",
        ),
      })
      .optional()
      .describe(
        "the plan's approvers are asked, and never who began the ramp; an approval is bound to the resolved changes",
      ),
    steps: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[^{}\p{Cc}\s][^{}\p{Cc}]{0,29}$/u, "at most 30 characters on one line, without braces")
            .describe("shown in the console, mails and history: staging, 10 %, 25 %"),
          steps: z
            .array(Step)
            .default([])
            .describe(
              "actions that bring the release so far, side by side; none where another pipeline does, as for staging",
            ),
          hold: Span.describe("how long every check must hold before the next step"),
          every: Span.optional().describe(
            "between two rounds of checks in this step; the ramp's unless given",
          ),
          checks: z
            .array(Check)
            .min(1)
            .optional()
            .describe("measured in every round of this step; the watch's unless given"),
        }),
      )
      .min(1)
      .describe("one after the other, each held and healthy before the next"),
  })
  .describe(
    "brings a fixed release out again in steps, and back to the previous step at the first criterion that fires",
  );
