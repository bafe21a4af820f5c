import { exampleEvent } from "../../lambdas/messages/example.ts";
import { fill, liquid } from "../../lambdas/messages/liquid.ts";
import { VARIABLES, variablesOf } from "../../lambdas/messages/variables.ts";
import type { PlanMoment } from "../../lambdas/runtime/notices.ts";
import { seconds } from "./duration.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./position.ts";
import type { Finding } from "./problem.ts";
import type { Plan } from "./schema.ts";

/** A webhook's body may also say these. */
const OF_A_BODY = ["subject", "text"];

/** Templates, webhooks and the ladder: everything that must be right before the night on which it is needed. */
export function checkNotices(plan: Plan): Finding[] {
  return [...templates(plan), ...bodies(plan), ...ids(plan), ...ladder(plan)];
}

function templates({ service, notify }: Plan): Finding[] {
  return Object.entries(notify.audiences).flatMap(([audience, each]) =>
    Object.entries(each?.templates ?? {}).flatMap(([moment, template]) =>
      Object.entries(template ?? {}).flatMap(([part, text]) => {
        const path = ["notify", "audiences", audience, "templates", moment, part];
        const found = checkTemplate(text, path, service, moment as PlanMoment, []);
        return part === "subject" ? [...found, ...checkSubject(text, path)] : found;
      }),
    ),
  );
}

/** SNS takes printable ASCII on one line. */
function checkSubject(text: string, path: Path): Finding[] {
  const strange = /[^\x20-\x7e]/.exec(text.replace(/\n$/, ""));
  if (!strange) return [];
  return [
    {
      path,
      reason: `the subject holds ${strange[0] === "\n" ? "a line break" : JSON.stringify(strange[0])}, and a subject is one line of ASCII`,
      instead: "leave it out, or put it into the text",
    },
  ];
}

function bodies({ service, notify }: Plan): Finding[] {
  const walk = (value: unknown, path: Path): Finding[] => {
    if (typeof value === "string") return checkTemplate(value, path, service, "failed", OF_A_BODY);
    if (Array.isArray(value)) return value.flatMap((each, index) => walk(each, [...path, index]));
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, each]) => walk(each, [...path, key]));
  };
  return notify.webhooks.flatMap(({ body }, index) => walk(body, ["notify", "webhooks", index, "body"]));
}

/** Parsed, every variable known, and filled in with example data. */
function checkTemplate(
  text: string,
  path: Path,
  service: string,
  moment: PlanMoment,
  also: string[],
): Finding[] {
  const known = [...Object.keys(VARIABLES), ...also];
  try {
    const { globals } = liquid.analyzeSync(liquid.parse(text), { partials: false });
    const unknown = Object.entries(globals).filter(([name]) => !known.includes(name));
    if (unknown.length > 0)
      return unknown.flatMap(([name, uses]) =>
        uses.map(({ location }) => ({
          path,
          within: { line: location.row, column: location.col },
          reason: `the template's variable "${name}" is not known`,
          instead: insteadOf(name, known),
        })),
      );
    const event = exampleEvent(service, moment);
    const variables = variablesOf(event, { subject: "headline", text: "details" });
    fill(text, { ...variables, ...Object.fromEntries(also.map((name) => [name, name])) });
    return [];
  } catch (error) {
    return [templateFinding(error as Error, path)];
  }
}

function insteadOf(name: string, known: string[]): string {
  const near = nearest(name, known);
  if (near) return `write "${near}"`;
  return known.length > 0 ? `use one of: ${known.join(", ")}` : "there is none yet: add it first";
}

interface LiquidFailure extends Error {
  token?: { getPosition(): [number, number] };
}

function templateFinding(error: LiquidFailure, path: Path): Finding {
  const [line, column] = error.token?.getPosition() ?? [1, 1];
  return {
    path,
    within: { line, column },
    reason: `the template cannot be filled in: ${error.message.split("\n")[0]!.replace(/, line:\d+, col:\d+$/, "")}`,
    instead: "correct the Liquid; the variables are in docs/notices.md",
  };
}

function ids({ notify }: Plan): Finding[] {
  const seen = new Set<string>();
  return notify.webhooks.flatMap(({ id }, index) => {
    const again = seen.has(id);
    seen.add(id);
    return again
      ? [
          {
            path: ["notify", "webhooks", index, "id"],
            reason: `the webhook "${id}" exists already`,
            instead: "give it a name of its own",
          },
        ]
      : [];
  });
}

/** The ladder climbs, calls somebody on every rung, and names only what exists. */
function ladder({ escalation, notify, triggers }: Plan): Finding[] {
  if (!escalation) return [];
  const webhooks = notify.webhooks.map(({ id }) => id);
  const named = (given: string[], exist: string[], path: Path, what: string): Finding[] =>
    given.flatMap((id, index) =>
      exist.includes(id)
        ? []
        : [{ path: [...path, index], reason: `there is no ${what} "${id}"`, instead: insteadOf(id, exist) }],
    );
  let last = -1;
  const rungs = escalation.rungs.flatMap(({ after, audiences, email, webhooks: hooks }, index) => {
    const path = ["escalation", "rungs", index];
    const findings = named(hooks, webhooks, [...path, "webhooks"], "webhook");
    if (audiences.length + email.length + hooks.length === 0)
      findings.push({
        path,
        reason: "this rung calls nobody",
        instead: "give it audiences, email or webhooks",
      });
    for (const [number, audience] of audiences.entries())
      if (
        audience !== "engineers" &&
        (notify.audiences[audience]?.email ?? []).length === 0 &&
        !(notify.chat && notify.audiences[audience]?.chat)
      )
        findings.push({
          path: [...path, "audiences", number],
          reason: `the audience "${audience}" has neither an address nor chat`,
          instead: `give it some: notify.audiences.${audience}.email`,
        });
    const due = seconds(after);
    if (due <= last)
      findings.push({
        path: [...path, "after"],
        reason: `${after} is not later than the rung before it`,
        instead: "put the rungs in the order in which they call",
      });
    last = Math.max(last, due);
    return findings;
  });
  const criteria = named(
    escalation.criteria,
    triggers.map(({ id }) => id),
    ["escalation", "criteria"],
    "trigger",
  );
  return [...rungs, ...criteria];
}
