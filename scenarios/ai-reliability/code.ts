/**
 * The code behind `ai-chat-answers`, as its two releases were published. Each answers one prompt, given what the
 * service knows of flags and settings; what it throws, the user sees as an error.
 */

/** What every release has in common: a provider that stalls on some first attempts, and three models. */
const PROVIDER = `
const ask = ({ kind, model }, attempt) => {
  if (kind === "flaky" && attempt === 1) throw new Error("the provider stalled");
  const text = kind === "short" ? "Yes, ok." : "A long enough answer to " + kind + ".";
  return model === "north-large" ? { text } : { text, finish: "stop" };
};
`;

/** 2.3.1: tries again after a stall, whatever the flag; settings decide the fallback and the shortest answer. */
export const STABLE = `${PROVIDER}
export const handler = async (request) => {
  const { kind, settings } = request;
  if (kind === "overflow" && settings.fallbackModel !== "north-small") throw new Error("no such fallback model");
  let answer;
  for (let attempt = 1; !answer; attempt += 1) {
    try {
      answer = ask(request, attempt);
    } catch (error) {
      if (attempt >= settings.maxAttempts) throw error;
    }
  }
  if (answer.text.length < settings.minimumLength) throw new Error("the answer is too short");
  return { version: "2.3.1", text: answer.text };
};
`;

/**
 * 2.4.0, "AI response reliability". Its new retries keep the first attempt's failure; its validation expects of every
 * model what only some give; and it reads the metadata of attachments that have none, flags or no flags.
 */
export const BROKEN = `${PROVIDER}
const validated = (model, user, flag) =>
  flag.enabled && !(flag.disabledModels ?? []).includes(model) && user % 100 < (flag.rolloutPercent ?? 0);

export const handler = async (request) => {
  const { kind, model, user, flags, settings } = request;
  if (kind === "attachment") request.metadata.type.toLowerCase();
  if (kind === "overflow" && settings.fallbackModel !== "north-small") throw new Error("no such fallback model");
  let answer;
  let failure;
  for (let attempt = 1; !answer && attempt <= settings.maxAttempts; attempt += 1) {
    try {
      answer = ask(request, attempt);
    } catch (error) {
      failure = error;
    }
  }
  if (flags["retry-logic"].enabled && failure) throw failure;
  if (!answer) throw failure;
  if (validated(model, user, flags["response-validation"]) && answer.finish === undefined)
    throw new Error("the answer has no finish reason");
  if (answer.text.length < settings.minimumLength) throw new Error("the answer is too short");
  return { version: "2.4.0", text: answer.text };
};
`;
