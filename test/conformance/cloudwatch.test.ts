import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actionReplays } from "./cloudwatch/actions.ts";
import { alarmReplays } from "./cloudwatch/alarms.ts";
import { openAlarms, test } from "./cloudwatch/world.ts";
import { differences } from "./comparison.ts";
import { recorded } from "./recorded.ts";

const cases =
  recorded<Record<string, { "recorded-content": Record<string, unknown> }>>("recorded/cloudwatch.json");
const replays = { ...alarmReplays, ...actionReplays };
let passed = 0;

beforeAll(openAlarms);
afterAll(async () => {
  console.log(`CloudWatch conformance: ${passed} of ${Object.keys(cases ?? {}).length} recorded cases`);
  await test.close();
});

describe.skipIf(!cases)("CloudWatch answers as AWS was recorded", () => {
  it.each(Object.keys(cases ?? {}))("%s", async (name) => {
    const replay = replays[name.split("::").at(-1)!];
    expect(replay, `no replay is written for ${name}`).toBeDefined();

    const answers = await replay!();

    // "ActionExecutedAfterMuteWindow" came to the alarm's message in 2026, after some of the recordings.
    const placeholders = {
      account: test.world.account,
      newer: ["ActionExecutedAfterMuteWindow"],
      absent: ["QueryErrorCode"],
      meanings: new Map<string, string>(),
    };
    expect(differences(cases![name]!["recorded-content"], answers, placeholders)).toEqual([]);
    passed += 1;
  });
});
