import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answered, isAnswer } from "../../../../lambdas/actions/dns-failover/answer.ts";
import { createSandbox, type Sandbox } from "../../../../sandbox/sandbox.ts";
import { until } from "../../../../scenarios/until.ts";

describe("what DNS answers", () => {
  let sandbox: Sandbox;
  let route53: Route53Client;
  beforeAll(async () => {
    sandbox = await createSandbox();
    route53 = new Route53Client(sandbox.clientConfig());
  });
  afterAll(() => sandbox.stop());

  it("of a public zone is asked of Route 53's own servers", async () => {
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({ Name: "shop.example", CallerReference: "public" }),
    );
    const question = { zone: HostedZone!.Id!, record: "db.shop.example", type: "CNAME" } as const;
    expect(await answered(route53, question, false)).toEqual([]);

    await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone!.Id,
        ChangeBatch: {
          Changes: [
            {
              Action: "CREATE",
              ResourceRecordSet: {
                Name: "db.shop.example",
                Type: "CNAME",
                TTL: 30,
                ResourceRecords: [{ Value: "DB-2.shop.example" }],
              },
            },
          ],
        },
      }),
    );

    await until("the record to be answered", async () =>
      isAnswer(await answered(route53, question, false), ["db-2.shop.example"]),
    );
  });
});

describe("an answer of DNS", () => {
  it.each([
    ["the same name, however it is written", ["db-2.example.com"], ["DB-2.example.com."], true],
    ["several addresses in any order", ["10.0.0.2", "10.0.0.1"], ["10.0.0.1", "10.0.0.2"], true],
    ["the old value", ["db-1.example.com"], ["db-2.example.com"], false],
    ["nothing", [], ["db-2.example.com"], false],
    ["one value too many", ["10.0.0.1", "10.0.0.2"], ["10.0.0.1"], false],
  ])("%s", (_, found, wanted, expected) => {
    expect(isAnswer(found, wanted)).toBe(expected);
  });
});
