import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causeText } from "../../../lambdas/messages/cause.ts";
import { messages } from "../../../lambdas/messages/index.ts";
import { subject, wrap } from "../../../lambdas/messages/layout.ts";
import type { AnnounceEvent, Moment, PlannedRun, RampNotice } from "../../../lambdas/runtime/protocol.ts";
import { announce, run } from "../events.ts";

const moments = Object.keys(messages) as Moment[];
const failure = {
  state: "Apply address",
  error: "ChangedSincePreflight",
  cause: JSON.stringify({
    errorType: "ChangedSincePreflight",
    errorMessage: "The record is not what it was.",
  }),
  at: "2026-01-08T10:44:00.000Z",
};
const reverts = [
  { step: "address", reverted: true, note: "the record points to lab-db again" },
  { step: "restore", reverted: false, note: "nothing to undo" },
];
const RAMP: RampNotice = {
  phase: "step",
  version: "2.4.1",
  step: "10 %",
  number: 2,
  of: 5,
  heldSeconds: 86_400,
  holdSeconds: 172_800,
  next: "25 %",
  outcome: "",
  ending: "",
  because: "",
};
/** What each moment is sent with. */
const sent = (moment: Moment, more: Partial<AnnounceEvent> = {}) =>
  messages[moment](
    announce({
      moment,
      ...(moment === "failed" ? { failure, reverts } : {}),
      ...(moment === "redeploy" ? { ramp: RAMP } : {}),
      ...(moment === "refused" ? { failure, admission: { outcome: "frozen", reason: "Ada froze it" } } : {}),
      ...more,
    }),
  );
const SNS_SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;

describe.each(moments)("the message %s", (moment) => {
  it("has a subject that SNS takes, which names the service", () => {
    expect(sent(moment).subject).toMatch(SNS_SUBJECT);
    expect(sent(moment).subject).toContain("llm-research-lab");
  });

  it("says what to do next", () => {
    expect(sent(moment).text).toMatch(/^What (to do|you can do)/m);
  });

  it("says which run it was and after which deployment", () => {
    expect(sent(moment).text).toContain(`Run ${run.id} of llm-research-lab, begun ${run.startedAt}.`);
    expect(sent(moment).text).toContain("Last deployment: 1.3.0");
  });

  it("keeps to 78 columns, long words aside", () => {
    for (const line of sent(moment).text.split("\n"))
      if (line.length > 78) expect(line.trim().split(" ").length).toBeLessThan(20);
  });

  it("is written when the run has nothing yet: no decision, no change, no check, no deployment", () => {
    const { deployment: _, ...undeployed } = run;
    const bare = messages[moment]({
      moment,
      run: undeployed,
      admission: null,
      decision: null,
      changes: {},
      checks: [],
      watch: null,
      failure: null,
      reverts: [],
      report: null,
    });

    expect(bare.subject).toMatch(SNS_SUBJECT);
    expect(bare.text).toContain("No deployment is recorded.");
    expect(`${bare.subject}${bare.text}`).not.toMatch(/undefined|\[object|NaN/);
  });

  it("has a subject that SNS takes whatever the service, the rule and the reason are called", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), (rule, reason) => {
        const event = announce({
          moment,
          run: { ...run, reason },
          decision: { ...announce().decision!, rule },
          failure: { ...failure, state: reason },
        });
        expect(messages[moment](event).subject).toMatch(SNS_SUBJECT);
      }),
    );
  });

  it("holds nothing of what is not made to be read: inputs, before, after", () => {
    const decision = { ...announce().decision!, inputs: { password: "canary-7f3a" } };
    const changes = { restore: { ...announce().changes["restore"]!, before: { password: "canary-7f3a" } } };

    expect(JSON.stringify(sent(moment, { decision, changes }))).not.toContain("canary-7f3a");
  });
});

describe("each message says what it is there for:", () => {
  it("started: what was decided by which rule, and what will change, before and after", () => {
    const { text } = sent("started");

    expect(text).toContain("rollback, level full, by rule error-rate");
    expect(text).toMatch(/Will change \(before -> after\)\n {2}restore: lab-db → lab-db-r-1a2b3c4d/);
    expect(text).toContain("(deployment 1.3.0 began at 10:30)");
  });

  it("progress: how far the watch is", () => {
    expect(sent("progress").subject).toContain("10 of 30 minutes");
  });

  it("failed: what happened, what was undone and what was not, and that the lock is kept", () => {
    const { subject: title, text } = sent("failed");

    expect(title).toContain("ROLLBACK FAILED at Apply address");
    expect(text).toContain("The record is not what it was.");
    expect(text).toMatch(/Undone, newest first\n {2}address: the record points to lab-db again/);
    expect(text).toMatch(/NOT undone\n {2}restore: nothing to undo/);
    expect(text).toContain("watchdog release llm-research-lab");
  });

  it("failed without anything undone: says that it stands", () => {
    expect(sent("failed", { reverts: [] }).text).toContain("Nothing was undone");
  });

  it("refused, notified, dry-run and approval: that nothing was changed", () => {
    for (const moment of ["refused", "notified", "dry-run", "approval"] as const)
      expect(sent(moment).text.toLowerCase()).toContain("nothing was changed");
    expect(sent("refused").text).toContain("frozen: Ada froze it");
  });

  it("dry-run: the calls in their order, what IAM says of each, what it would take and lose", () => {
    const call = { as: "write" as const, resource: "arn:aws:rds:::db:lab", allowed: true };
    const planned: PlannedRun = {
      steps: [
        { step: "restore", calls: [{ ...call, action: "rds:Restore" }] },
        {
          step: "address",
          calls: [
            { ...call, action: "route53:Change", allowed: false },
            { ...call, action: "route53:List" },
            { ...call, action: "route53:List", resource: "other" },
          ],
        },
        { step: "page", calls: [] },
      ],
      loses: [{ step: "restore", from: "2026-01-08T10:00:00Z", keeps: ["the rows in s3://rows"] }],
      seconds: { best: 1860, worst: 7200 },
      usd: { best: 0.01, worst: 0.4 },
      past: { runs: 3, medianSeconds: 2400 },
      unknown: "",
    };

    const { text } = sent("dry-run", { planned });
    const lines = text.split("\n").map((line) => line.trim());

    expect(lines.slice(lines.indexOf("Would call, in this order") + 1).slice(0, 4)).toEqual([
      "restore: rds:Restore: allowed",
      "address: route53:Change: DENIED on arn:aws:rds:::db:lab",
      "address: route53:List: allowed",
      "page: no call to AWS",
    ]);
    expect(text.replace(/\s+/g, " ")).toMatch(
      /31 min at the least.*120 min at the most.*3 rollbacks .* took 40 min.*USD 0.01 to 0.4.*set aside: the rows in s3:\/\/rows/,
    );
    const blind = sent("dry-run", {
      planned: { ...planned, steps: [], unknown: "IAM could not be asked: x" },
    });
    expect(blind.text).toContain("Whether the calls are allowed is not");
  });

  it("succeeded: that all was measured, what was kept, and where the report is", () => {
    const { text } = sent("succeeded");

    expect(text).toContain("Every check ran on real data");
    expect(text).toContain("Nothing was deleted");
    expect(text).toContain("s3://reports/lab/run/report.html");
  });
});

describe("layout", () => {
  it("a subject never has line breaks, other letters or more than 99 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(subject(text)).toMatch(/^[\x20-\x7e]{0,99}$/);
        expect(subject(text)).toBe(subject(text).trim());
      }),
    );
    expect(subject("a → b\nc\td")).toBe("a -> b c d");
  });

  it("wrapping loses and changes no word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^\S{1,90}$/)), (words) => {
        expect(wrap(words.join(" "), "  ").split(/\s+/).filter(Boolean)).toEqual(words);
      }),
    );
  });
});

describe("a cause", () => {
  it.each([
    [JSON.stringify({ errorMessage: "No." }), "No."],
    ['{"errorType":"Refusal","errorMessage":"Cut off in the mid', "Cut off in the mid"],
    ["plain words", "plain words"],
    ['{"other":1}', '{"other":1}'],
    ["", "no cause was given"],
    [undefined, "no cause was given"],
    ["null", "null"],
    ["7", "7"],
    [JSON.stringify({ errorMessage: 'say "no"\nnow' }).slice(0, -1), 'say "no"\nnow'],
    [JSON.stringify({ errorMessage: { deep: 1 } }), '{"errorMessage":{"deep":1}}'],
  ])("%j reads %j", (cause, text) => expect(causeText(cause)).toBe(text));
});
