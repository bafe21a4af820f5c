import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { invariants, violations } from "../../../bin/drill/invariants/invariants.ts";
import type { RecordedCall, RunRecord } from "../../../bin/drill/invariants/record.ts";

const START = Date.UTC(2026, 0, 8, 10);
const SECRET = "correct horse battery staple";

/** A history of states entered and left one after the other, a minute each. */
function historyOf(states: string[], output = "{}"): HistoryEvent[] {
  return states.flatMap((name, index): HistoryEvent[] => [
    {
      timestamp: new Date(START + index * 60_000),
      type: "TaskStateEntered",
      id: 2 * index + 1,
      stateEnteredEventDetails: { name },
    },
    {
      timestamp: new Date(START + index * 60_000 + 30_000),
      type: "TaskStateExited",
      id: 2 * index + 2,
      stateExitedEventDetails: { name, output },
    },
  ]);
}

const STATES = [
  "Admit",
  "Preflight backup",
  "Preflight switch",
  "Apply backup",
  "backup is done",
  "Check: back up",
  "Apply switch",
  "Verify",
  "Watch",
  "Watch",
  "Release",
];
const call = (operation: string, input: unknown = {}): RecordedCall => ({
  at: START,
  role: "arn:aws:iam::123456789012:role/Writer",
  service: "route53",
  operation,
  input,
});
const mail = (minutes: number) => ({
  to: "engineers@shop.example",
  subject: "rollback",
  text: "so it is",
  at: START + minutes * 60_000,
});
const record = (Action: string) => ({
  Action,
  ResourceRecordSet: { Name: "db.shop.internal.", Type: "CNAME" },
});
const end = START + STATES.length * 60_000;

/** A run in which everything held. */
const sound = (change: Partial<RunRecord> = {}): RunRecord => ({
  service: "shop",
  status: "SUCCEEDED",
  history: historyOf(STATES, '{"note":"round 1 of 2: passed"}'),
  executions: [{ name: "errors-1", from: START, to: end, acted: true }],
  calls: [
    call("ChangeResourceRecordSets", { ChangeBatch: { Changes: [record("DELETE"), record("CREATE")] } }),
  ],
  mails: [mail(1), mail(10)],
  secrets: [SECRET],
  logs: ["all is well"],
  watchRounds: 2,
  steps: { backup: { effect: "backs-up", stage: 0 }, switch: { effect: "switches", stage: 1 } },
  ...change,
});

const without = (...names: string[]) =>
  historyOf(
    STATES.filter((state) => !names.includes(state)),
    '{"note":"passed"}',
  );

/** For each invariant, a bug that breaks it. */
const planted: [number, string, Partial<RunRecord>, RegExp][] = [
  [
    1,
    "a second run beside the first",
    {
      executions: [
        { name: "errors-1", from: START, to: end, acted: true },
        { name: "errors-2", from: START + 60_000, to: end, acted: true },
      ],
    },
    /errors-2 began before errors-1 had ended/,
  ],
  [4, "the old database deleted", { calls: [call("DeleteDBInstance")] }, /DeleteDBInstance/],
  [
    4,
    "a copy deleted that a run had made, and no practice",
    {
      calls: [
        call("RestoreDBInstanceToPointInTime", { TargetDBInstanceIdentifier: "db-r-1", Tags: [] }),
        call("DeleteDBInstance", { DBInstanceIdentifier: "db-r-1" }),
      ],
    },
    /DeleteDBInstance/,
  ],
  [4, "the old database stopped", { calls: [call("StopDBInstance")] }, /StopDBInstance/],
  [5, "a switch before the backup was done", { history: without("backup is done") }, /before any backup/],
  [
    6,
    "a switch to what nothing checked",
    { history: without("Check: back up") },
    /before anything was checked/,
  ],
  [
    6,
    "a change resolved after the first was made",
    { history: historyOf([...STATES, "Preflight late"], '{"note":"passed"}') },
    /Preflight late came after/,
  ],
  [
    8,
    "a record deleted and nothing put in its place",
    { calls: [call("ChangeResourceRecordSets", { ChangeBatch: { Changes: [record("DELETE")] } })] },
    /nothing put in its place/,
  ],
  [
    12,
    "a loop that fills the history",
    { history: Array.from({ length: 400 }, () => historyOf(STATES)).flat() },
    /history events/,
  ],
  [
    16,
    "a watch cut short",
    {
      history: historyOf(STATES.toSpliced(8, 1), '{"note":"passed"}'),
    },
    /1 of 2 rounds/,
  ],
  [
    16,
    "a round that did not pass",
    { history: historyOf(STATES, '{"note":"inconclusive"}') },
    /did not pass/,
  ],
  [16, "no verification", { history: without("Verify") }, /nothing was verified/],
  [17, "nobody told", { mails: [] }, /no notice in the first five minutes/],
  [17, "nobody told of the end", { mails: [mail(1)] }, /no notice of the end/],
  [
    17,
    "a flood",
    { mails: [mail(1), mail(10), ...Array.from({ length: 11 }, () => mail(3))] },
    /more than 10 mails in a second/,
  ],
  [20, "a password in a log", { logs: [`connecting with ${SECRET}`] }, /stands in a log/],
  [20, "a password in a mail", { mails: [mail(1), { ...mail(10), text: SECRET }] }, /stands in a mail/],
  [
    20,
    "a password in the history",
    { history: historyOf(STATES, `{"note":"passed ${SECRET}"}`) },
    /stands in the history/,
  ],
];

describe("what must always hold", () => {
  it("holds in a sound run", () => {
    expect(violations(sound())).toEqual([]);
  });

  it("holds when a practice deletes the copy that it had made itself", () => {
    const Tags = [{ Key: "watchdog:practice", Value: "p" }];
    const calls = [
      ...sound().calls,
      call("RestoreDBInstanceToPointInTime", { TargetDBInstanceIdentifier: "db-p-1", Tags }),
      call("DeleteDBInstance", { DBInstanceIdentifier: "db-p-1" }),
    ];

    expect(violations(sound({ calls }))).toEqual([]);
    expect(violations(sound({ calls: calls.toSpliced(1, 1) })).join()).toContain("DeleteDBInstance");
  });

  it("holds when it deletes the cluster that it had restored, and its instance", () => {
    const Tags = [{ Key: "watchdog:practice", Value: "p" }];
    const DBClusterIdentifier = "orders-p-1";
    const made = [
      call("RestoreDBClusterToPointInTime", { DBClusterIdentifier, Tags }),
      call("CreateDBInstance", { DBInstanceIdentifier: "orders-p-1-1", DBClusterIdentifier, Tags }),
    ];
    const deleted = [
      call("DeleteDBInstance", { DBInstanceIdentifier: "orders-p-1-1" }),
      call("DeleteDBCluster", { DBClusterIdentifier }),
    ];
    const broken = (calls: typeof made) => violations(sound({ calls: [...sound().calls, ...calls] })).join();

    expect(broken([...made, ...deleted])).toBe("");
    expect(broken([made[0]!, ...deleted])).toContain("DeleteDBInstance");
    expect(broken([made[1]!, ...deleted])).toContain("DeleteDBCluster");
    expect(broken([...made, call("DeleteDBCluster", { DBClusterIdentifier: "orders" })])).toContain(
      "DeleteDBCluster",
    );
  });

  it.each(planted)("invariant %i sees %s", (number, _, change, words) => {
    const found = violations(sound(change));

    expect(found.some((each) => each.startsWith(`invariant ${number},`) && words.test(each))).toBe(true);
  });

  it("has a planted bug for each check, and never prints a secret", () => {
    expect([...new Set(planted.map(([number]) => number))]).toEqual(invariants.map(({ number }) => number));
    for (const [, , change] of planted) expect(violations(sound(change)).join()).not.toContain(SECRET);
  });
});
