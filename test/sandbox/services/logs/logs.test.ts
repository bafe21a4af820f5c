import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filterPattern } from "../../../../sandbox/services/logs/filter-pattern.ts";
import { logs } from "../../../../sandbox/services/logs/index.ts";
import { allMetrics } from "../../../../sandbox/services/monitoring/metrics.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: CloudWatchLogsClient;
const logGroupName = "/aws/lambda/watch";
const logStreamName = "2026/01/01/[1]abc";

beforeAll(async () => {
  test = await openWorld([logs]);
  client = new CloudWatchLogsClient(test.admin);
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
});
afterAll(() => test.close());

describe("CloudWatch Logs", () => {
  it("gives events back in order, page by page, until the token stays the same", async () => {
    const now = Math.floor(test.world.clock.now());
    const logEvents = ["START", "ERROR one", "END"].map((message, index) => ({
      timestamp: now + index,
      message,
    }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));

    const first = await client.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, limit: 2 }),
    );
    const next = { logGroupName, logStreamName, limit: 2 };
    const second = await client.send(new GetLogEventsCommand({ ...next, nextToken: first.nextForwardToken }));
    const third = await client.send(new GetLogEventsCommand({ ...next, nextToken: second.nextForwardToken }));

    expect([first, second, third].map((page) => page.events?.map((each) => each.message))).toEqual([
      ["START", "ERROR one"],
      ["END"],
      [],
    ]);
    expect(third.nextForwardToken).toBe(second.nextForwardToken);
  });

  it("takes embedded metrics out of events, and no others", async () => {
    const event = (more: object) =>
      JSON.stringify({
        _aws: {
          Timestamp: Math.floor(test.world.clock.now()),
          CloudWatchMetrics: [
            { Namespace: "Shop", Dimensions: [["Service"], []], Metrics: [{ Name: "Lost", Unit: "Count" }] },
          ],
        },
        Service: "orders",
        ...more,
      });
    const now = Math.floor(test.world.clock.now());
    const messages = [event({ Lost: 2 }), event({ Lost: [1, 4] }), event({ Lost: "many" }), "{ not JSON"];
    await client.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message) => ({ timestamp: now, message })),
      }),
    );

    const found = allMetrics(test.world).filter(({ namespace }) => namespace === "Shop");
    expect(found.map(({ dimensions }) => dimensions)).toEqual([[{ Name: "Service", Value: "orders" }], []]);
    for (const { units } of found) expect(units.get("Count")).toMatchObject([{ count: 3, sum: 7, max: 4 }]);
  });

  it("finds events by pattern across streams", async () => {
    const { events } = await client.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: "ERROR" }),
    );

    expect(events?.map((each) => [each.logStreamName, each.message])).toEqual([[logStreamName, "ERROR one"]]);
  });

  it("leaves out events that are too old, and says which", async () => {
    const now = Math.floor(test.world.clock.now());
    const answer = await client.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: [
          { timestamp: now - 20 * 86_400_000, message: "ancient" },
          { timestamp: now, message: "fresh" },
        ],
      }),
    );

    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const { events } = await client.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: "?ancient ?fresh" }),
    );
    expect(events?.map((each) => each.message)).toEqual(["fresh"]);
  });

  it("describes groups and streams with what was set", async () => {
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }));

    const groups = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda" }));
    const streams = await client.send(new DescribeLogStreamsCommand({ logGroupName }));

    expect(groups.logGroups).toMatchObject([
      {
        logGroupName,
        retentionInDays: 30,
        arn: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}:*`,
      },
    ]);
    expect(streams.logStreams?.map((each) => each.logStreamName)).toEqual([logStreamName]);
  });

  it("a resource policy lets a service write to the groups it names and to no others", async () => {
    const policyDocument = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "logs:PutLogEvents",
          Resource: "*log-group:/aws/lambda/watch:*",
        },
      ],
    });
    await client.send(new PutResourcePolicyCommand({ policyName: "events", policyDocument }));
    await client.send(new CreateLogGroupCommand({ logGroupName: "other" }));
    await client.send(new CreateLogStreamCommand({ logGroupName: "other", logStreamName }));
    const put = (group: string) =>
      test.world.call({
        service: "logs",
        operation: "PutLogEvents",
        input: {
          logGroupName: group,
          logStreamName,
          logEvents: [{ timestamp: test.world.clock.now(), message: "from a rule" }],
        },
        principal: { type: "service", service: "events.amazonaws.com" },
      });

    await put(logGroupName);

    await expect(put("other")).rejects.toMatchObject({ code: "AccessDeniedException" });
    expect(
      (await client.send(new DescribeResourcePoliciesCommand({}))).resourcePolicies?.[0]?.policyDocument,
    ).toBe(policyDocument);
  });
});

describe("filter patterns", () => {
  it.each([
    ["ERROR", "an ERROR here", true],
    ["ERROR", "an error here", false],
    ["ERROR timeout", "timeout ERROR", true],
    ["ERROR timeout", "ERROR", false],
    ['"went wrong"', "it went wrong", true],
    ["ERROR -known", "ERROR known", false],
    ["?WARN ?ERROR", "WARN", true],
    ["?WARN ?ERROR", "INFO", false],
    ["%4\\d\\d%", "status 404", true],
    ['{ $.level = "ERROR" }', '{"level":"ERROR"}', true],
    ['{ $.level = "ERR*" }', '{"level":"ERROR"}', true],
    ['{ $.level = "ERROR" }', "not JSON ERROR", false],
    ['{ $.level = "ERROR" && $.status >= 500 }', '{"level":"ERROR","status":503}', true],
    ['{ $.level = "ERROR" && $.status >= 500 }', '{"level":"ERROR","status":404}', false],
    ["{ $.a.b NOT EXISTS }", '{"a":{}}', true],
  ])("%s on %s is %s", (pattern, message, expected) => {
    expect(filterPattern(pattern)(message)).toBe(expected);
  });

  it("refuses a pattern it cannot read instead of matching everything", () => {
    expect(() => filterPattern("[ip, user, status = 5*]")).toThrow(/not implemented/);
  });
});
