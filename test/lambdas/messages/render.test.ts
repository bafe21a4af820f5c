import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleEvent } from "../../../lambdas/messages/example.ts";
import { fill } from "../../../lambdas/messages/liquid.ts";
import { noticeOf, wordsOf } from "../../../lambdas/messages/render.ts";
import { TEMPLATES } from "../../../lambdas/messages/templates/index.ts";
import { VARIABLES, variablesOf } from "../../../lambdas/messages/variables.ts";
import { AUDIENCES, PLAN_MOMENTS, type Tell } from "../../../lambdas/runtime/notices.ts";
import type { AnnounceEvent } from "../../../lambdas/runtime/protocol.ts";

const everybody: Tell = {
  audiences: AUDIENCES.map((audience) => ({ audience, email: true, chat: false })),
  webhooks: [],
  mostPerMinute: 6,
};

/** What a run has before anything is known: no decision, no deployment, nothing measured. */
const bare = (event: AnnounceEvent): AnnounceEvent => {
  const { deployment: _, ...run } = event.run;
  return {
    ...event,
    run,
    decision: null,
    changes: {},
    checks: [],
    watch: null,
    failure: null,
    reverts: [],
    report: null,
  };
};

describe("what comes from outside", () => {
  const event = exampleEvent("orders", "start");
  const reason = "x <!channel> <@U1> <https://evil.example|Approve> <b>";
  const given = { ...event, run: { ...event.run, reason }, decision: null };

  it("calls nobody in a chat and is no link under another name; the plan's own template may be", () => {
    const { text } = noticeOf(given, everybody).of("engineers");
    expect(text).toMatch(/<b>/);
    expect(text).not.toMatch(/<[!@h]/);

    const own: Tell = {
      ...everybody,
      audiences: [
        { audience: "engineers", email: true, chat: false, template: { text: "<!here> {{ reason }}" } },
      ],
    };
    expect(noticeOf(given, own).of("engineers").text).toMatch(/^<!here> x [^<]+ <b>$/);
  });
});

describe("the default words", () => {
  const all = PLAN_MOMENTS.flatMap((moment) => AUDIENCES.map((audience) => [moment, audience] as const));

  it.each(all)(
    "of %s for %s say something, on one line of ASCII, however little is known",
    (moment, audience) => {
      const example = exampleEvent("orders", moment);
      for (const event of [example, bare(example)]) {
        const { subject, text } = noticeOf(event, everybody).of(audience);

        expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{5,98}$/);
        expect(subject).toContain("orders");
        expect(text.length).toBeGreaterThan(30);
        expect(text).not.toMatch(/\{\{|\{%|undefined|\bnull\b/);
      }
    },
  );

  it("show users no insides: no id, no criterion, no state of the workflow", () => {
    for (const moment of PLAN_MOMENTS) {
      const { text } = noticeOf(exampleEvent("orders", moment), everybody).of("users");

      expect(text).not.toMatch(/error-rate|0123456789ab|Verify|s3:|->|→/);
    }
  });

  it("use exactly the variables that are documented", () => {
    const variables = variablesOf(exampleEvent("orders", "escalated"), { subject: "s", text: "t" });

    expect(Object.keys(variables).toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
  });

  it("keep to SNS's subject whatever a plan, a rule or a person is called", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1, maxLength: 300 }),
        fc.constantFrom(...PLAN_MOMENTS),
        fc.constantFrom(...AUDIENCES),
        (strange, moment, audience) => {
          const example = exampleEvent("orders", moment);
          const event = {
            ...example,
            run: { ...example.run, reason: strange },
            decision: { ...example.decision!, rule: strange, because: strange },
          };
          const template = { subject: "{{ rule }} {{ because }}" };
          const tell = { ...everybody, audiences: [{ audience, email: true, chat: false, template }] };

          expect(noticeOf(event, tell).of(audience).subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
        },
      ),
    );
  });
});

describe("a plan's own words", () => {
  const told = (template: { subject?: string; text?: string }) =>
    noticeOf(exampleEvent("orders", "start"), {
      ...everybody,
      audiences: [{ audience: "users", email: true, chat: false, template }],
    }).of("users");

  it("replace the default in part or whole", () => {
    const { subject, text } = told({ text: "{% for change in changes %}{{ change.step }};{% endfor %}" });

    expect(subject).toBe(fill(TEMPLATES.start.users.subject, { service: "orders" }));
    expect(text).toBe("address;");
  });

  it("that fail when it matters give way to the default, and the reason is kept for the log", () => {
    const { text, instead } = told({ text: "{{ chnages }}" });

    expect(text).toContain("orders has a problem");
    expect(instead).toContain("undefined variable: chnages");
  });

  it.each([
    ["reads a file", "{% include '/etc/passwd' %}"],
    ["reads a file in another way", "{% render '/etc/passwd' %}"],
    ["never ends", "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}"],
    ["reaches for what is not its own", "{{ service.constructor.name }}"],
  ])("cannot do harm: one that %s", (_, text) => {
    const begun = performance.now();

    expect(told({ text }).text).toContain("orders has a problem");
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it("reach a webhook's body at any depth, as text and never as structure", () => {
    const example = exampleEvent("orders", "start");
    const quote = '"}, "token": "x';
    const event = { ...example, decision: { ...example.decision!, because: quote } };
    const body = { page: { lines: ["{{ because }}", 3], deep: { subject: "{{ subject }}" } } };
    const words = wordsOf(event, everybody);

    expect(
      words.bodyOf({ id: "x", url: "https://x", audience: "stakeholders", body, allowPrivate: false }),
    ).toEqual({
      page: { lines: [quote, 3], deep: { subject: "orders: going back to the last good version" } },
    });
  });
});

describe("secrets in what is told", () => {
  it.each([
    ["password=hunter2x", "hunter2x"],
    ['"apiKey": "abcdef123"', "abcdef123"],
    ["Authorization: Bearer eyJhbGciOi.abc", "eyJhbGciOi"],
    ["postgres://app:pa55word@db:5432/x", "pa55word"],
    ["AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"],
    ["https://hooks.slack.com/services/T0/B0/xyz", "T0/B0/xyz"],
  ])("are blanked: %s", (cause, secret) => {
    const example = exampleEvent("orders", "failed");
    const event = { ...example, failure: { ...example.failure!, cause: `it said ${cause}` } };
    const notice = noticeOf(event, everybody);
    const written = JSON.stringify([notice.variables, ...AUDIENCES.map((audience) => notice.of(audience))]);

    expect(written).toContain("it said");
    expect(written).not.toContain(secret);
  });
});
