import type { TestDNSAnswerCommandInput, TestDNSAnswerCommandOutput } from "@aws-sdk/client-route-53";
import { answerQuestion } from "../../engines/dns/answer.ts";
import { operation } from "../../service.ts";
import { onZone, zoneOf } from "./lookup.ts";
import { throttle } from "./throttle.ts";

function dataText(data: unknown): string {
  if (Array.isArray(data)) return data.map((each) => `"${String(each)}"`).join(" ");
  return typeof data === "object" && data !== null ? Object.values(data).join(" ") : String(data);
}

/** Asks the name servers of a zone. */
export const TestDNSAnswer = operation<
  TestDNSAnswerCommandInput,
  Omit<TestDNSAnswerCommandOutput, "$metadata">
>({
  authorize: onZone("TestDNSAnswer", (input: { HostedZoneId?: string }) => input.HostedZoneId),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.HostedZoneId);
    const name = input.RecordName!.replace(/\.$/, "");
    const { rcode, answers } = answerQuestion(world, name, input.RecordType!);
    return {
      Nameserver: zone.nameServers[0],
      RecordName: name,
      RecordType: input.RecordType,
      RecordData: answers
        .filter((each) => each.type === input.RecordType)
        .map((each) => dataText((each as { data: unknown }).data)),
      ResponseCode: rcode,
      Protocol: "UDP",
    };
  },
});
