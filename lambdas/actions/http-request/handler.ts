import type * as z from "zod";
import { allowedAddress } from "../../runtime/address.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type Answer, ask, LIMITS, withToken } from "../../runtime/https.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { judged, membersOf, same, unanswered } from "./answer.ts";
import { httpRequest, isIdempotent } from "./spec.ts";

type Input = z.output<typeof httpRequest.input>;
type Before = z.output<typeof httpRequest.before>;
type Members = Record<string, unknown>;
/** What is sent: the step's own request, or the one that undoes it. */
type Asked = Pick<Input, "url" | "method" | "headers" | "send" | "status" | "json">;

async function answerTo(
  input: Input,
  asked: { url: string; method: string; headers: Record<string, string>; send?: Input["send"] },
  more: Record<string, string> = {},
): Promise<Answer> {
  const headers = await withToken({ ...asked.headers, ...more }, input.token);
  if (typeof headers === "string") throw refusal(`${headers}. Nothing was changed. Correct the plan.`);
  const target = await allowedAddress(new URL(asked.url).hostname, input.allowPrivate);
  if ("refused" in target) throw refusal(`${target.refused}. Nothing was changed. Correct the plan.`);
  return ask(asked, target.address, headers, LIMITS);
}

/** What the members of `until` are now; null without `until`. */
async function state(input: Input): Promise<Members | null> {
  const { until, headers } = input;
  if (!until) return null;
  const line = `GET ${until.url}`;
  let answer: Answer;
  try {
    answer = await answerTo(input, { url: until.url, method: "GET", headers });
  } catch (error) {
    // Ours and AWS's have their names; what is left is the network.
    if (error instanceof WatchdogError || (error as Error & { $metadata?: object }).$metadata) throw error;
    throw unanswered(line, error as Error, true);
  }
  if (answer.status >= 500 || answer.status === 429)
    throw new WatchdogError("ServiceUnavailable", `${line} answered ${answer.status}`);
  const members = answer.status === 200 ? membersOf(answer.body, Object.keys(until.json)) : undefined;
  if (!members)
    throw refusal(
      `${line} answered ${answer.status}${answer.status === 200 ? " without a JSON object" : ""}, so that nobody can say how it is. Nothing was changed. Correct the plan.`,
    );
  return members;
}

/** Sends a request once; its key is the same whenever the step is called again. */
async function send(
  input: Input,
  asked: Asked,
  context: StepContext,
  phase: "apply" | "revert",
): Promise<number> {
  const line = `${asked.method} ${asked.url}`;
  const harmless = input.idempotent ?? isIdempotent(asked.method);
  const key = digest(`${context.run.id}/${context.step.id}/${phase}`, 32);
  let answer: Answer;
  try {
    answer = await answerTo(input, asked, { "idempotency-key": key });
  } catch (error) {
    if (error instanceof WatchdogError || (error as Error & { $metadata?: object }).$metadata) throw error;
    throw unanswered(line, error as Error, harmless);
  }
  judged(line, asked, answer, harmless);
  return answer.status;
}

/** Neither what preflight found nor what this step makes of it. */
const changed = ({ until }: Input, now: Members | null) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `${until?.url} answers ${JSON.stringify(now)}, which this run neither found nor made. It was left alone. Find out who changed it.`,
  );

const done = (note: string, status: number | null) => ({ done: true, note, outputs: { status } });

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const line = `${input.method} ${input.url}`;
    const target = await allowedAddress(new URL(input.url).hostname, input.allowPrivate);
    if ("refused" in target) throw refusal(`${target.refused}. Nothing was changed. Correct the plan.`);
    const token = await withToken({}, input.token);
    if (typeof token === "string") throw refusal(`${token}. Nothing was changed. Correct the plan.`);
    const members = await state(input);
    const wanted = input.until?.json;
    return {
      before: { members },
      after: { request: line, ...(wanted ? { members: wanted } : {}) },
      summary:
        wanted && same(members, wanted)
          ? `${input.url} is as wanted already`
          : `${line}${wanted ? `: ${JSON.stringify(members)} → ${JSON.stringify(wanted)}` : ""}`,
    };
  },

  async apply(input, { before }, context) {
    const now = await state(input);
    if (input.until && same(now, input.until.json)) return done("it is as wanted", null);
    if (input.until && !same(now, before.members)) throw changed(input, now);
    const status = await send(input, input, context, "apply");
    const note = `${input.method} ${input.url} answered ${status}`;
    return input.until ? { done: false, note } : done(note, status);
  },

  async poll(input, { before }, { phase }) {
    const { until } = input;
    // Without `until` the verbs answer that they are done; nothing is taken back where there is nothing to.
    if (!until || (phase === "revert" && input.undo === "nothing")) return done("sent", null);
    const now = await state(input);
    const wanted = phase === "apply" ? until.json : before.members;
    return { ...done(`${until.url} answers ${JSON.stringify(now)}`, null), done: same(now, wanted) };
  },

  async revert(input, { before }, context) {
    if (input.undo === "nothing") return done("there is nothing to take back", null);
    const now = await state(input);
    if (same(now, before.members)) return done("it is as it was", null);
    if (!same(now, input.until?.json)) throw changed(input, now);
    const status = await send(input, input.undo, context, "revert");
    return { done: false, note: `${input.undo.method} ${input.undo.url} answered ${status}` };
  },
};

export const handler = serveAction(httpRequest, verbs);
