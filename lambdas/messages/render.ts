import type { Audience, NoticeTemplate, Tell, WebhookTarget } from "../runtime/notices.ts";
import { type AnnounceEvent, MOMENT_OF } from "../runtime/protocol.ts";
import { mapTexts, redactText } from "../runtime/redact.ts";
import { messages } from "./index.ts";
import { type Message, subject } from "./layout.ts";
import { fill } from "./liquid.ts";
import { TEMPLATES } from "./templates/index.ts";
import { type Variables, variablesOf } from "./variables.ts";

/** Longest text of a notice, characters; SNS takes 256 KiB and a mailbox wants less. */
const LONGEST = 60_000;

/** A notice as one audience gets it. */
export interface Rendered extends Message {
  audience: Audience;
  /** Why the plan's own template was not used; absent when it was, or when there is none. */
  instead?: string;
}

/** What anybody is told of a moment, in their own words. */
export interface Notice {
  variables: Variables;
  /** For the audiences asked for, and those whose text a webhook carries. */
  of(audience: Audience): Rendered;
}

/** Renders the notice of an event. A plan's template that fails gives way to the default: somebody is always told. */
export function noticeOf(event: AnnounceEvent, tell: Tell): Notice {
  const own = plainOf(event);
  const plain: Message = { subject: redactText(own.subject), text: redactText(own.text) };
  const variables = redacted(variablesOf(event, plain)) as Variables;
  return {
    variables,
    of: (audience) => {
      const template = tell.audiences.find((each) => each.audience === audience)?.template;
      const usual = TEMPLATES[MOMENT_OF[event.moment]][audience];
      if (!template) return { audience, ...filled(usual, variables) };
      try {
        return { audience, ...filled({ ...usual, ...template }, variables) };
      } catch (error) {
        return { audience, ...filled(usual, variables), instead: (error as Error).message };
      }
    },
  };
}

/** The engineers' own message; if it cannot be laid out, at least that something happened. */
function plainOf(event: AnnounceEvent): Message {
  try {
    return messages[event.moment](event);
  } catch (error) {
    const { service, id } = event.run;
    return {
      subject: subject(`[${service}] ${event.moment}: look at run ${id}`),
      text: `${event.moment} of run ${id} of ${service}. This message could not be written (${(error as Error).message}): look at the execution in the Step Functions console.`,
    };
  }
}

/** A notice and the bodies of webhooks, as sending needs them. */
export function wordsOf(event: AnnounceEvent, tell: Tell) {
  const notice = noticeOf(event, tell);
  return {
    of: notice.of,
    bodyOf: ({ body, audience }: WebhookTarget) => bodyOf(body, notice, audience),
  };
}

function filled(template: NoticeTemplate, variables: Variables): Message {
  const text = redactText(fill(template.text ?? "", variables)).trim();
  return {
    subject: subject(redactText(fill(template.subject ?? "", variables))) || "Rollback Watchdog",
    text: text.length > LONGEST ? `${text.slice(0, LONGEST)}\n(cut here)` : text || "(no text)",
  };
}

/** A webhook's body: every text in it is a template. */
export function bodyOf(
  body: Record<string, unknown>,
  { variables, of }: Notice,
  audience: Audience,
): unknown {
  const { subject: title, text } = of(audience);
  return mapTexts(body, (each) => redactText(fill(each, { ...variables, subject: title, text })));
}

/**
 * What chat clients take for a call of everybody or for a link under another name (`<!channel>`, `<@U1>`, `<https://…|here>`).
 * In what comes from outside it is text; the plan's own templates may say it.
 */
const MARKUP = /<(?=[!@#]|at>|https?:|mailto:)/gi;

const redacted = (value: unknown) => mapTexts(value, (text) => redactText(text).replace(MARKUP, "\u2039"));
