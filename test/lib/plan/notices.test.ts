import { describe, expect, it } from "vitest";
import { AUDIENCES, PLAN_MOMENTS } from "../../../lambdas/runtime/notices.ts";
import { secretsOf, subscribers, tellOf, tellOfRung } from "../../../lib/plan/audiences.ts";
import { loadPlan, loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { previews } from "../../../lib/plan/preview.ts";
import type { Plan } from "../../../lib/plan/schema.ts";
import { changed, GOOD, registries, told } from "./support.ts";

const NOTIFY = "notify:\n  email: [a@shop.example]\n";
const withNotify = (text: string) => changed(NOTIFY, text);
const planOf = (text: string): Plan => {
  const { plan, problems } = loadPlan({ file: "shop.yaml", text: withNotify(text) }, registries);
  expect(problems).toEqual([]);
  return plan!;
};
const line = GOOD.split("\n").indexOf("notify:") + 1;

describe("a template with a mistake", () => {
  it.each([
    [
      "an unknown variable in a text on one line",
      'notify:\n  audiences:\n    users:\n      templates:\n        start: { text: "Hello {{ servcie }}" }\n',
      `${line + 4}:34 notify.audiences.users.templates.start.text: the template's variable "servcie" is not known → write "service"`,
    ],
    [
      "an unknown variable in a block",
      "notify:\n  audiences:\n    users:\n      templates:\n        start:\n          text: |\n            Hello\n              {{ nonsense }}\n",
      `${line + 7}:18 notify.audiences.users.templates.start.text: the template's variable "nonsense" is not known → use one of: `,
    ],
    [
      "an unknown member of a list's item",
      "notify:\n  audiences:\n    users:\n      templates:\n        start:\n          text: |\n            {% for c in changes %}{{ c.stp }}{% endfor %}\n",
      `${line + 6}:38 notify.audiences.users.templates.start.text: the template cannot be filled in: undefined variable: c.stp → correct the Liquid`,
    ],
    [
      "a tag that is not closed",
      "notify:\n  audiences:\n    users:\n      templates:\n        failed: { text: 'x {% if service %}' }\n",
      `${line + 4}:28 notify.audiences.users.templates.failed.text: the template cannot be filled in: tag {% if service %} not closed`,
    ],
    [
      "a subject that is no ASCII",
      "notify:\n  audiences:\n    users:\n      templates:\n        failed: { subject: 'Größe' }\n",
      `${line + 4}:19 notify.audiences.users.templates.failed.subject: the subject holds "ö", and a subject is one line of ASCII → `,
    ],
    [
      "an unknown variable deep in a webhook's body",
      "notify:\n  webhooks:\n    - id: page\n      url: https://page.example\n      body: { a: ['{{ subjct }}'] }\n",
      `${line + 4}:23 notify.webhooks[0].body.a[0]: the template's variable "subjct" is not known → write "subject"`,
    ],
    [
      "a webhook that is not https",
      "notify:\n  webhooks:\n    - { id: page, url: 'http://page.example' }\n",
      `${line + 2}:19 notify.webhooks[0].url: "http://page.example" does not fit → write an https URL`,
    ],
  ])("is found with its line and column: %s", (_, text, expected) => {
    const problems = told(withNotify(text));

    expect(problems).toHaveLength(1);
    expect(problems[0]!.slice(0, expected.length)).toBe(expected);
  });
});

describe("a ladder with a mistake", () => {
  const ladder = (rungs: string) => told(withNotify(`${NOTIFY}escalation:\n  rungs:\n${rungs}`));

  it.each([
    ["a rung that calls nobody", "    - { after: 0m }\n", "this rung calls nobody"],
    [
      "rungs out of order",
      "    - { after: 5m, audiences: [engineers] }\n    - { after: 5m, audiences: [engineers] }\n",
      "5m is not later than the rung before it",
    ],
    [
      "a webhook that is not there",
      "    - { after: 0m, webhooks: [pager] }\n",
      'there is no webhook "pager"',
    ],
    [
      "an audience that cannot be reached",
      "    - { after: 0m, audiences: [stakeholders] }\n",
      'the audience "stakeholders" has neither an address nor chat',
    ],
    [
      "a criterion that is not there",
      "    - { after: 0m, audiences: [engineers] }\n  criteria: [corruption]\n",
      'there is no trigger "corruption"',
    ],
  ])("is found: %s", (_, rungs, expected) => {
    const problems = ladder(rungs);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

describe("who is told", () => {
  it("is what it was for a plan with addresses alone: the engineers, of everything", () => {
    const plan = planOf(NOTIFY);

    expect([...subscribers(plan)]).toEqual([["a@shop.example", ["engineers"]]]);
    for (const moment of PLAN_MOMENTS)
      expect(tellOf(plan, moment)).toMatchObject({
        audiences: [{ audience: "engineers", email: true, chat: false }],
        webhooks: [],
      });
  });

  it("is subscribed once, whatever it is in", () => {
    const plan = planOf(
      `${NOTIFY}  audiences: { users: { email: [a@shop.example, u@shop.example] } }\nescalation:\n  rungs: [{ after: 0m, email: [a@shop.example] }]\n`,
    );

    expect([...subscribers(plan, ["a@shop.example", "x@shop.example"])]).toEqual([
      ["a@shop.example", ["engineers", "users", "rung-1"]],
      ["u@shop.example", ["users"]],
      ["x@shop.example", ["engineers"]],
    ]);
  });

  it("follows the audience's moments, and a webhook's own", () => {
    const plan = planOf(
      `${NOTIFY}  audiences: { users: { email: [u@shop.example], moments: [progress] } }\n  webhooks:\n    - { id: page, url: "https://page.example", audience: users, moments: [complete] }\n`,
    );

    expect(tellOf(plan, "progress").audiences.map(({ audience }) => audience)).toEqual([
      "engineers",
      "users",
    ]);
    expect(tellOf(plan, "start").audiences.map(({ audience }) => audience)).toEqual(["engineers"]);
    expect(tellOf(plan, "complete").webhooks.map(({ id }) => id)).toEqual(["page"]);
    // Users lend the webhook their words and get no mail themselves.
    expect(tellOf(plan, "complete").audiences).toContainEqual({
      audience: "users",
      email: false,
      chat: false,
    });
  });

  it("never travels with a secret: only the names of those that sending reads", () => {
    const plan = planOf(
      `${NOTIFY}  webhooks:\n    - { id: chat, url: { secret: chat-hook } }\n    - { id: page, url: "https://page.example", token: { secret: page-token } }\n`,
    );

    expect(secretsOf(plan)).toEqual(["chat-hook", "page-token"]);
  });
});

describe("the preview", () => {
  it("shows what each audience gets at each moment, with where it goes", () => {
    const plan = loadPlanOrThrow("plans/llm-research-lab.yaml");
    const found = previews(plan);

    expect(found.map(({ moment, audience }) => `${moment} ${audience}`)).toEqual(
      expect.arrayContaining(["start users", "complete stakeholders", "failed engineers"]),
    );
    expect(previews(plan, ["complete"], ["users"])).toEqual([
      expect.objectContaining({
        to: ["users@llm-research.example"],
        subject: "llm-research-lab: the problem is solved, service restored",
      }),
    ]);
  });

  it("has something for every audience that a plan could name", () => {
    const emails = AUDIENCES.map(
      (audience) =>
        `${audience}: { email: [${audience}@shop.example], moments: [${PLAN_MOMENTS.join(", ")}] }`,
    );
    const plan = planOf(`notify:\n  audiences: { ${emails.join(", ")} }\n`);

    expect(previews(plan)).toHaveLength(AUDIENCES.length * PLAN_MOMENTS.length);
  });
});

describe("the research lab's ladder", () => {
  it("has the sister runbook's own figures", () => {
    const { escalation } = loadPlanOrThrow("plans/llm-research-lab.yaml");

    expect(escalation!.rungs.map(({ after }) => after)).toEqual(["0m", "5m", "10m", "15m", "20m"]);
    expect(escalation!.notRestoredAfter).toBe("15m");
    expect(tellOfRung(loadPlanOrThrow("plans/llm-research-lab.yaml"), 4).rung).toBe("rung-5");
  });
});
