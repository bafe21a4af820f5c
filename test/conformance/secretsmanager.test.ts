import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences } from "./comparison.ts";
import { recorded } from "./recorded.ts";
import { labels } from "./secretsmanager/labels.ts";
import { lambda, rotation } from "./secretsmanager/rotation.ts";
import { secrets } from "./secretsmanager/secrets.ts";
import { close, open, type Replays, test } from "./secretsmanager/session.ts";
import { values } from "./secretsmanager/values.ts";

const cases = recorded<Record<string, { "recorded-content": Record<string, unknown> }>>(
  "recorded/secretsmanager.json",
);
const replays: Replays = { ...secrets, ...values, ...labels, ...rotation };
let passed = 0;

beforeAll(() => open(lambda));
afterAll(async () => {
  console.log(`Secrets Manager conformance: ${passed} of ${Object.keys(cases ?? {}).length} recorded cases`);
  await close();
});

describe.skipIf(!cases)("Secrets Manager answers as AWS was recorded", () => {
  it.each(Object.keys(cases ?? {}))("%s", async (name) => {
    const [, replayName = "", parameter = ""] = /::(test_\w+)(?:\[(.*)\])?$/s.exec(name) ?? [];
    const replay = replays[replayName];
    expect(replay, `no replay is written for ${name}`).toBeDefined();

    const { meanings = {}, ...answers } = await replay!(parameter);

    const placeholders = {
      account: test.world.account,
      meanings: new Map(Object.entries(meanings as object)),
    };
    expect(differences(cases![name]!["recorded-content"], answers, placeholders)).toEqual([]);
    passed += 1;
  });
});
