import { describe, expect, it } from "vitest";
import { exampleEvent } from "../../../lambdas/messages/example.ts";
import { redeploy } from "../../../lambdas/messages/redeploy.ts";
import type { PlannedRun, RampNotice, RampOutcome } from "../../../lambdas/runtime/protocol.ts";

const event = exampleEvent("chat", "redeploy");
const told = (ramp: Partial<RampNotice>, more: Partial<typeof event> = {}) =>
  redeploy({ ...event, ...more, ramp: { ...event.ramp!, ...ramp } });
const words = (text: string) => text.replace(/\s+/g, " ");

describe("the mail about a ramp that ended", () => {
  it.each<[RampOutcome, RegExp]>([
    ["redeployed", /is out for everybody/],
    ["back", /was taken back from 10 %/],
    ["overtaken", /A rollback began or failed of late/],
    ["replaced", /Another version was deployed.*what it had brought out stays: 10 %/],
    ["frozen", /A person froze the automation/],
    ["failed", /could not go on and needs a person/],
    ["rejected", /An approver said no.*stays where it is: 10 %/],
    ["held", /Nobody approved in time.*stays where it is: 10 %/],
    ["refused", /was refused\. Nothing was changed/],
  ])("%s: says what is out now", (outcome, text) => {
    const mail = told({ phase: "ended", outcome, ending: `${outcome} there` });

    expect(words(mail.text)).toMatch(text);
    expect(mail.subject).toContain(`${outcome} there`);
  });

  it("says what could not be taken back", () => {
    const reverts = [{ step: "tenth", reverted: false, note: "somebody deployed it" }];
    const mail = told({ phase: "ended", outcome: "failed", ending: "stopped at 10 %" }, { reverts });

    expect(mail.text).toContain("NOT taken back\n  tenth: somebody deployed it");
  });
});

describe("the mail about a dry run of a ramp", () => {
  const outline = {
    steps: [
      { name: "staging", holdSeconds: 86_400, everySeconds: 300, changes: [] },
      { name: "10 %", holdSeconds: 172_800, everySeconds: 300, changes: ["tenth"] },
    ],
    back: ["errors"],
    atOnce: ["corruption"],
    checks: ["well"],
    approval: "",
  };
  const call = {
    as: "write",
    action: "appconfig:StartDeployment",
    resource: "arn:flags",
    allowed: false,
  } as const;
  const planned: PlannedRun = {
    steps: [{ step: "tenth", calls: [call] }],
    loses: [],
    seconds: { best: 259_210, worst: 345_600 },
    usd: { best: 0.1, worst: 0.2 },
    past: { runs: 0, medianSeconds: null },
    unknown: "",
  };

  it("shows calls with IAM's word, holds, the whole time, and what takes it back", () => {
    const mail = told({ phase: "dry-run", outline, because: "ada froze it" }, { planned });

    for (const text of [
      "tenth: appconfig:StartDeployment: DENIED on arn:flags",
      "2. 10 %: tenth; held 48 h, measured every 5 min",
      "72 h of holds; 4 days at the most.",
      "triggers: errors",
      "checks that do not pass: well",
      "over, with a rollback at once: corruption",
      "nobody is asked",
      "A ramp would be refused now ada froze it",
    ])
      expect(words(mail.text)).toContain(text);
  });
});
