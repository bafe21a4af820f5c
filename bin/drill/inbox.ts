import { mails } from "../../sandbox/engines/mail.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../../scenarios/until.ts";

/**
 * Does what each subscriber does once: opens SNS's confirmation mail and follows its link.
 * Resolves when `expected` addresses have confirmed; throws when a mail or its link does not come.
 */
export async function confirmSubscriptions(sandbox: Sandbox, expected: number): Promise<string[]> {
  const link = /https?:\/\/\S+Action=ConfirmSubscription\S+/;
  const waiting = () => mails(sandbox.world).filter((mail) => link.test(mail.text));
  await until(`${expected} subscription confirmation mail(s)`, () => waiting().length >= expected);
  const confirmed: string[] = [];
  for (const mail of waiting()) {
    const answer = await fetch(link.exec(mail.text)![0]);
    if (!answer.ok) throw new Error(`SNS answered ${answer.status} to the confirmation link of ${mail.to}`);
    confirmed.push(mail.to);
  }
  return confirmed;
}
