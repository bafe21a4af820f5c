import { createServer, type Server } from "node:http";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientSettings } from "../../../lambdas/runtime/clients.ts";
import { translated } from "../../../lambdas/runtime/errors.ts";
import { tellSettings } from "../../../lambdas/runtime/tell/topics.ts";

/** Takes every request and answers none. */
let silent: Server;
let endpoint: string;

beforeAll(async () => {
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

it.each([
  ["every call", clientSettings],
  ["telling somebody", tellSettings],
])(
  "%s that AWS never answers ends in its time, as ServiceUnavailable",
  async (_, settings) => {
    const client = new SNSClient({
      ...settings,
      // As long as a test may wait, and once.
      maxAttempts: 1,
      requestHandler: { ...settings.requestHandler, requestTimeout: 200 },
      region: "us-east-1",
      endpoint,
      credentials: { accessKeyId: "none", secretAccessKey: "none" },
    });

    const error = await client
      .send(new PublishCommand({ TopicArn: "arn:x", Message: "hello" }))
      .catch(translated);

    expect(error).toMatchObject({ name: "ServiceUnavailable", message: expect.stringContaining("200 ms") });
  },
  5_000,
);
