import { request } from "node:https";
import { allowedAddress } from "../address.ts";
import type { WebhookTarget } from "../notices.ts";
import { secretMembers } from "../secret-value.ts";

/** Milliseconds for one request, name and answer included, and of the machine: a webhook that hangs costs this much. */
const LONGEST_MILLISECONDS = 5_000;
const MOST_BYTES = 64_000;

/** What a webhook's host answered with that is no success, or why it was not asked. Never holds a URL or a token. */
export class WebhookFailed extends Error {}

/**
 * POSTs JSON to a webhook. Redirects are not followed: wherever they lead, nobody listed it. The host's address is
 * looked up once, judged, and then asked, so that a name cannot be one thing when judged and another when asked.
 *
 * @throws WebhookFailed with what went wrong, in words and without a secret.
 */
export async function post(target: WebhookTarget, body: unknown, idempotencyKey: string): Promise<string> {
  const deadline = AbortSignal.timeout(LONGEST_MILLISECONDS);
  try {
    const url = await urlOf(target);
    const found = await allowedAddress(url.hostname, target.allowPrivate);
    if ("refused" in found) throw new WebhookFailed(found.refused);
    const headers = {
      host: url.host,
      "user-agent": "rollback-watchdog",
      "content-type": "application/json",
      "idempotency-key": idempotencyKey,
      ...(await tokenHeader(target)),
    };
    const status = await send(url, found.address, headers, JSON.stringify(body), deadline);
    if (status >= 300 && status < 400)
      throw new WebhookFailed(
        `it answered ${status}, a redirect, which is not followed; put the address it leads to into the plan`,
      );
    if (status < 200 || status >= 300) throw new WebhookFailed(`it answered ${status}`);
    return `answered ${status}`;
  } catch (error) {
    if (error instanceof WebhookFailed) throw error;
    if (deadline.aborted)
      throw new WebhookFailed(`it did not answer within ${LONGEST_MILLISECONDS / 1000} s`, { cause: error });
    // A message of the system may quote the address that is the secret.
    const { code, name } = error as NodeJS.ErrnoException;
    throw new WebhookFailed(`it could not be reached (${code ?? name})`, { cause: error });
  }
}

async function urlOf({ url }: WebhookTarget): Promise<URL> {
  const text = typeof url === "string" ? url : await member(url.secret, url.member);
  if (!URL.canParse(text)) throw new WebhookFailed("its URL is none");
  const parsed = new URL(text);
  if (parsed.protocol !== "https:") throw new WebhookFailed("its URL is not https");
  return parsed;
}

async function tokenHeader({ token }: WebhookTarget): Promise<Record<string, string>> {
  if (!token) return {};
  return { [token.header]: `${token.prefix}${await member(token.secret, token.member)}` };
}

async function member(secret: string, name: string): Promise<string> {
  const value = (await secretMembers(secret))[name];
  if (value === undefined) throw new WebhookFailed(`the secret ${secret} has no member ${name}`);
  return value;
}

/** One request to one address; resolves to the status. The body is read, up to a limit, and thrown away. */
function send(
  url: URL,
  address: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: address,
        servername: url.hostname,
        port: url.port || 443,
        path: `${url.pathname}${url.search}`,
        method: "POST",
        agent: false,
        signal,
        headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      },
      (response) => {
        let bytes = 0;
        response.on("data", (part: Buffer) => {
          bytes += part.length;
          if (bytes > MOST_BYTES) response.destroy();
        });
        response.on("error", () => undefined); // the status has been read; the rest does not matter
        resolve(response.statusCode ?? 0);
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
