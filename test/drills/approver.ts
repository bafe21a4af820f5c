import { mails } from "../../sandbox/engines/mail.ts";
import { until } from "../../scenarios/until.ts";
import { type HttpsAnswer, httpsRequest } from "../sandbox/https.ts";
import type { DrillBench } from "./harness.ts";

const LINK = /https:\/\/[a-z0-9]+\.lambda-url\.\S+/;

/** What an approver does with a mail: takes the link out of it, opens it, fills the form in. */
export function approver(bench: DrillBench, address: string) {
  const { world } = bench.sandbox;
  const link = async (run: string): Promise<string> => {
    const own = () =>
      mails(world).find(
        (mail) => mail.to === address && mail.text.includes(`Run ${run} of`) && LINK.test(mail.text),
      );
    await until(`the mail to ${address} about ${run}`, () => own() !== undefined);
    return LINK.exec(own()!.text)![0];
  };
  const open = (url: string, method = "GET") => httpsRequest(world, url, { method });
  const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    httpsRequest(world, url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        origin: new URL(url).origin,
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  /** Opens the link and sends its form. */
  const decide = async (
    url: string,
    decision: "approve" | "reject",
    more: Record<string, string> = {},
  ): Promise<HttpsAnswer> =>
    post(url, { ...hiddenFields((await open(url)).body), confirm: "yes", decision, ...more });
  return { link, open, post, decide };
}

/** What the page's form carries by itself. */
export function hiddenFields(html: string): Record<string, string> {
  return Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );
}
