import { Resolver } from "node:dns/promises";
import type { Route53Client } from "@aws-sdk/client-route-53";
import { TestDNSAnswerCommand } from "@aws-sdk/client-route-53";

/** A record to ask for. */
export interface Question {
  zone: string;
  record: string;
  type: "CNAME" | "A" | "AAAA";
}

const plain = (value: string) => value.replace(/\.$/, "").toLowerCase();

/**
 * What DNS itself answers, not what the API has stored: Route 53's own servers for a public zone (TestDNSAnswer takes
 * public zones only), the VPC's resolver for a private one, which is the one the application asks too. No answer is an
 * empty list.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_TestDNSAnswer.html
 */
export async function answered(client: Route53Client, of: Question, isPrivate: boolean): Promise<string[]> {
  if (!isPrivate) {
    const { RecordData = [] } = await client.send(
      new TestDNSAnswerCommand({ HostedZoneId: of.zone, RecordName: of.record, RecordType: of.type }),
    );
    return RecordData.map(plain);
  }
  try {
    const found = await new Resolver({ timeout: 2_000, tries: 2 }).resolve(of.record, of.type);
    return (found as string[]).map(plain);
  } catch (error) {
    if (["ENODATA", "ENOTFOUND"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** Whether an answer is the value that was set; one value, or several in any order. Pure. */
export function isAnswer(found: string[], wanted: string[]): boolean {
  return found.length === wanted.length && found.toSorted().join() === wanted.map(plain).toSorted().join();
}
