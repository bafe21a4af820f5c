import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleEvent } from "../../lambdas/messages/example.ts";
import { NoticeDetail } from "../../lambdas/runtime/notice-event.ts";
import type { PlanMoment } from "../../lambdas/runtime/notices.ts";
import type { AnnounceEvent } from "../../lambdas/runtime/protocol.ts";
import { tellOf } from "../../lib/plan/audiences.ts";
import { addFault } from "../../sandbox/faults.ts";
import { until } from "../../scenarios/until.ts";
import { type Hook, hookAt, type TellBench, tellBench } from "./bench.ts";

const TOKEN = "canary-0b5f6a2e9d";
const SECRET_PATH = "canary-path-77aa11";
const hooks = (id: string, more: object = {}) => ({
  id,
  url: `https://hooks.example.test/${id}`,
  audience: "users",
  moments: ["failed"],
  allowPrivate: true,
  ...more,
});

let bench: TellBench;
let hook: Hook;
let queue: { url: string; read(): Promise<string[]> };
let chatQueue: typeof queue;

beforeAll(async () => {
  bench = await tellBench(
    (plan) => {
      plan["notify"] = {
        email: ["engineers@shop.example"],
        chat: true,
        mostPerMinute: 60,
        audiences: {
          engineers: { chat: true },
          users: {
            email: ["users@shop.example", "both@shop.example"],
            templates: {
              start: { subject: "Sorry: {{ service }}", text: "{% if version %}{{ version }}{% endif %}" },
            },
          },
          stakeholders: { email: ["both@shop.example"] },
        },
        webhooks: [
          hooks("status-page", {
            moments: ["start", "complete"],
            token: { secret: "status-page", member: "key", prefix: "OAuth " },
            body: { incident: { name: "{{ subject }}", body: "{{ text }}", components: ["{{ service }}"] } },
          }),
          hooks("chat", { moments: ["complete"], url: { secret: "chat-hook" }, audience: "stakeholders" }),
          hooks("hangs"),
          hooks("breaks"),
          hooks("redirects"),
          hooks("inside", { allowPrivate: false }),
          hooks("metadata", { url: "https://169.254.169.254/latest" }),
        ],
      };
      delete plan["escalation"];
    },
    {
      before: async (sandbox) => {
        hook = await hookAt(sandbox, "hooks.example.test");
        hook.answers = {
          "/hangs": "hang",
          "/breaks": 500,
          "/redirects": "https://hooks.example.test/internal",
        };
        const secrets = new SecretsManagerClient(sandbox.clientConfig());
        for (const [Name, value] of [
          ["status-page", { key: TOKEN }],
          ["chat-hook", { url: `https://hooks.example.test/services/${SECRET_PATH}` }],
        ] as const)
          await secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
      },
    },
  );
  queue = await queueFor("notices", "events.amazonaws.com");
  chatQueue = await queueFor("chat", "sns.amazonaws.com");
  const config = bench.sandbox.clientConfig();
  const events = new EventBridgeClient(config);
  await events.send(
    new PutRuleCommand({ Name: "tools", EventPattern: JSON.stringify({ source: ["rollback-watchdog"] }) }),
  );
  const arn = (name: string) => `arn:aws:sqs:${bench.sandbox.region}:${bench.sandbox.account}:${name}`;
  await events.send(new PutTargetsCommand({ Rule: "tools", Targets: [{ Id: "q", Arn: arn("notices") }] }));
  await new SNSClient(config).send(
    new SubscribeCommand({
      TopicArn: bench.outputs["ChatTopicArn"],
      Protocol: "sqs",
      Endpoint: arn("chat"),
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
}, 120_000);
afterAll(() => bench?.close());

/** A queue that a service may write to, and everything that arrives in it. */
async function queueFor(QueueName: string, service: string) {
  const sqs = new SQSClient(bench.sandbox.clientConfig());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const Policy = JSON.stringify({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sqs:SendMessage",
        Resource: Attributes!["QueueArn"],
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const kept: string[] = [];
  return {
    url: QueueUrl!,
    read: async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 }),
      );
      kept.push(...Messages.map(({ Body }) => Body!));
      return kept;
    },
  };
}

/** What the state machine sends at a moment, of a run of its own. */
function event(moment: PlanMoment, run: string, more: Partial<AnnounceEvent> = {}): AnnounceEvent {
  const example = exampleEvent(bench.plan.service, moment);
  return { ...example, run: { ...example.run, id: run }, tell: tellOf(bench.plan, moment), ...more };
}

/** Everything that functions wrote to their logs. */
async function logs(): Promise<string> {
  const client = new CloudWatchLogsClient(bench.sandbox.clientConfig());
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  const texts = await Promise.all(
    logGroups.map(async ({ logGroupName }) => {
      const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName }));
      return events.map(({ message }) => message).join("\n");
    }),
  );
  return texts.join("\n");
}

describe("a notice", () => {
  it("reaches each audience by mail in its own words, and an address in two audiences by one subscription", async () => {
    const answer = await bench.announce(event("start", "run-start"));

    expect(answer).toMatchObject({ sent: true });
    expect(answer.failed).toBeUndefined();
    await until("the mails", () => bench.mails().length >= 4);
    expect(bench.mailsTo("engineers@shop.example")[0]!.subject).toBe(
      "[llm-research-lab] rollback started: error-rate",
    );
    expect(bench.mailsTo("users@shop.example")[0]).toMatchObject({ subject: "Sorry: llm-research-lab" });
    expect(bench.mailsTo("users@shop.example")[0]!.text).toMatch(/^1\.3\.0\n/);
    expect(
      bench
        .mailsTo("both@shop.example")
        .map(({ subject }) => subject)
        .toSorted(),
    ).toEqual(["Sorry: llm-research-lab", "llm-research-lab: going back to the last good version"]);
  });

  it("is not sent to an audience that does not hear of the moment", async () => {
    const before = bench.mailsTo("users@shop.example").length;

    await bench.announce(event("approval", "run-approval"));

    await until("the engineers' mail", () =>
      bench.mailsTo("engineers@shop.example").some(({ subject }) => subject.includes("waits for a person")),
    );
    expect(bench.mailsTo("users@shop.example")).toHaveLength(before);
  });

  it("reaches a status page with its token, and a chat's webhook whose address is a secret", async () => {
    const answer = await bench.announce(event("complete", "run-complete"));

    expect(answer.failed).toBeUndefined();
    const page = hook.received.find(({ path }) => path === "/status-page")!;
    const done = hook.received.filter(({ path }) => path === "/status-page").at(-1)!;
    expect(page.headers["authorization"]).toBe(`OAuth ${TOKEN}`);
    expect(done.body).toEqual({
      incident: {
        name: "llm-research-lab: the problem is solved, service restored",
        body: expect.stringContaining("It has been stable for 30 minutes"),
        components: ["llm-research-lab"],
      },
    });
    expect(hook.received.find(({ path }) => path.includes(SECRET_PATH))!.body).toEqual({
      text: expect.stringMatching(/^llm-research-lab: rolled back, verified and stable\n\n/),
    });
  });

  it("reaches chat as a custom notification of Amazon Q Developer, a run's in one thread", async () => {
    await until("chat's notifications", async () => (await chatQueue.read()).length >= 2);

    const [first] = (await chatQueue.read()).map((text) => JSON.parse(text));
    expect(first).toMatchObject({
      version: "1.0",
      source: "custom",
      content: {
        textType: "client-markdown",
        title: "[llm-research-lab] rollback started: error-rate",
        description: expect.stringContaining("Will change"),
      },
      metadata: { threadId: "run-start", additionalContext: { audience: "engineers" } },
    });
  });

  it("reaches other tools as an event that keeps the documented schema", async () => {
    await until("the events", async () => (await queue.read()).length >= 3);

    const found = (await queue.read()).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(found.every((each) => each["source"] === "rollback-watchdog")).toBe(true);
    expect(found.every((each) => each["detail-type"] === "Rollback Notice")).toBe(true);
    const details = found.map((each) => NoticeDetail.parse(each["detail"]));
    expect(details.map(({ moment }) => moment)).toEqual(
      expect.arrayContaining(["start", "approval", "complete"]),
    );
  });
});

describe("webhooks that misbehave", () => {
  let took: number;
  let answer: Awaited<ReturnType<TellBench["announce"]>>;

  beforeAll(async () => {
    const begun = performance.now();
    answer = await bench.announce(event("failed", "run-failed"));
    took = performance.now() - begun;
  }, 60_000);

  it("are each named with what went wrong, and hold the run up for a few seconds at the most", () => {
    expect(answer.sent).toBe(true);
    expect(answer.failed).toEqual([
      "webhook hangs: it did not answer within 5 s",
      "webhook breaks: it answered 500",
      expect.stringMatching(/^webhook redirects: it answered 302, a redirect, which is not followed/),
      expect.stringMatching(/^webhook inside: hooks\.example\.test is 127\.\S+, a private address/),
      expect.stringMatching(
        /^webhook metadata: 169\.254\.169\.254 .* link-local address, which is never asked/,
      ),
    ]);
    expect(took).toBeLessThan(12_000);
  });

  it("are not followed to where they redirect, nor asked inside", () => {
    const paths = hook.received.map(({ path }) => path);

    expect(paths).toContain("/redirects");
    expect(paths).not.toContain("/internal");
    expect(paths).not.toContain("/inside");
  });

  it("do not keep the failure from the engineers, who also hear whom it did not reach", async () => {
    const subjects = () => bench.mailsTo("engineers@shop.example").map(({ subject }) => subject);
    await until(
      "both mails",
      () => subjects().filter((each) => /FAILED|not everybody/.test(each)).length >= 2,
    );

    const note = bench
      .mailsTo("engineers@shop.example")
      .find(({ subject }) => subject.includes("not everybody could be told"))!;
    expect(note.text).toContain("webhook breaks: it answered 500");
  });

  it("raise an alarm of their own", async () => {
    const cloudwatch = new CloudWatchClient(bench.sandbox.clientConfig());
    await until("the alarm", async () => {
      const { MetricAlarms = [] } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNames: ["llm-research-lab-watchdog-unannounced"] }),
      );
      return MetricAlarms[0]?.StateValue === "ALARM";
    });
    await until("the alarm's mail", () =>
      bench.mailsTo("engineers@shop.example").some(({ subject }) => subject.includes("unannounced")),
    );
    expect(bench.mailsTo("users@shop.example").some(({ subject }) => subject.includes("ALARM"))).toBe(false);
  });
});

describe("mail that cannot be published", () => {
  it("takes the way over chat, and other tools hear of it", async () => {
    const heal = addFault(bench.sandbox.world, {
      service: "sns",
      operation: "Publish",
      input: (input: unknown) => (input as { TopicArn?: string }).TopicArn === bench.outputs["TopicArn"],
      harm: { kind: "error", code: "KMSAccessDenied", message: "no access to the key" },
    });
    const answer = await bench.announce(event("start", "run-deaf"));
    heal();

    expect(answer.failed?.join("\n")).toContain("e-mail to engineers: ");
    await until("chat's note", async () =>
      (await chatQueue.read()).some((text) => text.includes("did not reach everybody")),
    );
    await until("the event", async () =>
      (await queue.read()).some(
        (text) => (JSON.parse(text) as { detail: NoticeDetail }).detail.unreached !== undefined,
      ),
    );
  });
});

describe("a run's verification that cannot be noted for the ladder", () => {
  it("is told to people all the same, and said to have failed, so that it is noted when it is tried again", async () => {
    const heal = addFault(bench.sandbox.world, {
      service: "dynamodb",
      operation: "PutItem",
      input: (input: unknown) => JSON.stringify(input).includes("RESTORED#"),
      harm: { kind: "error", code: "AccessDenied", status: 403 },
    });
    const answer = bench.announce({ ...event("progress", "run-unnoted"), moment: "verified" });
    await expect(answer).rejects.toThrow(/AccessDenied/);
    heal();

    await until("the mail", () =>
      bench.mailsTo("engineers@shop.example").some(({ text }) => text.includes("run-unnoted")),
    );
  });
});

describe("secrets", () => {
  it("stand in no mail, chat, event, log or answer", async () => {
    const written = [
      await logs(),
      JSON.stringify(bench.mails()),
      (await queue.read()).join(),
      (await chatQueue.read()).join(),
    ].join("\n");

    expect(written).toContain("run-complete");
    expect(written).not.toContain(TOKEN);
    expect(written).not.toContain(SECRET_PATH);
  });

  it("that found their way into a cause are blanked", async () => {
    const failure = {
      error: "Unexpected",
      cause: `could not connect: postgres://app:hunter2secret@db:5432 password="hunter3secret" Authorization: Bearer abcdef123456`,
      state: "restore",
      at: "2026-01-15T10:15:00Z",
    };
    await bench.announce(
      event("failed", "run-leak", { failure, tell: { ...tellOf(bench.plan, "start"), webhooks: [] } }),
    );

    await until("its mail", () => bench.mails().some(({ text }) => text.includes("run-leak")));
    const text = bench.mails().find((mail) => mail.text.includes("run-leak"))!.text;
    expect(text).toContain("could not connect: postgres://app:***@db:5432");
    expect(text).not.toMatch(/hunter|abcdef123456/);
  });
});
