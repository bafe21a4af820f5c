import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../../lib/plan/load.ts";
import { judge, rules } from "../../../../lib/plan/rules/index.ts";
import { changed, foundBy, GOOD, problemsOf, registries } from "../support.ts";
import { easilyMistaken, rightAfterAll } from "./easily-mistaken.ts";

/** The good plan with a ramp of one step, which holds for two days and says one thing more. */
const ramped = (more: string) =>
  `${GOOD}redeploy:\n  steps:\n    - name: 10 %\n      ${more}\n      hold: 48h\n`;

/** For each rule: changes of the good plan that trip it, and the place and words it answers with. */
const tripping: Record<string, [what: string, text: string, at: string, words: RegExp][]> = {
  ...easilyMistaken,
  "duplicate-ids": [
    ["two steps", changed("id: close,", "id: save,"), "15:11", /step "save" exists already/],
    [
      "a check of a stage and one of the watch",
      changed("id: errors-gone", "id: rows"),
      "30:9",
      /check "rows" exists/,
    ],
    ["two stages", changed("name: fence", "name: back up"), "13:5", /stage "back up"/],
  ],
  "worse-names-stages": [
    [
      "a stage that is not there",
      changed(
        "watch:",
        "worse:\n  metric: { namespace: Shop, name: Errors, statistic: Average }\n  by: 5\n  after: [fence, swich]\nwatch:",
      ),
      "29:18",
      /no stage "swich"/,
    ],
  ],
  "after-watch-comes-last": [
    [
      "a stage that rolls back behind one that waits",
      changed("name: restore", "name: restore\n    after: watch"),
      "22:5",
      /"switch" rolls back, and stands behind "restore", which waits for the watch/,
    ],
    [
      "nothing that is watched",
      changed("name: back up", "name: back up\n    after: watch"),
      "11:5",
      /every stage waits for the watch/,
    ],
    [
      "data changed when nothing verifies it any more",
      changed("name: switch", "name: late\n    after: watch").replace(
        /\{ id: name, .*\}/,
        "{ id: again, action: close-db, with: { instance: shop-db } }",
      ),
      "24:22",
      /changes data once the watch is over/,
    ],
    [
      "a step that would be undone as it begins",
      changed("name: switch", "name: late\n    after: watch").replace(
        "action: move-name,",
        "action: move-name, until: watch-end,",
      ),
      "24:40",
      /would be undone when it is over/,
    ],
    [
      "a comparison after what is not undone",
      changed("name: switch", "name: late\n    after: watch").replace(
        "watch:\n  for",
        "worse:\n  metric: { namespace: Shop, name: Errors, statistic: Average }\n  by: 5\n  after: [late]\nwatch:\n  for",
      ),
      "30:3",
      /"late" runs when the service is well again/,
    ],
  ],
  "trigger-kind": [
    [
      "a metric without a threshold",
      changed('    threshold: "> 10"\n', ""),
      "3:5",
      /has a metric and no threshold/,
    ],
    [
      "a metric and an event",
      changed("    for: 2m", '    for: 2m\n    event: { source: [x], detailType: ["Y"] }'),
      "7:5",
      /has metric and event/,
    ],
    [
      "a baseline that nothing asks for",
      changed("    for: 2m", "    for: 2m\n    baseline: { window: 24h }"),
      "7:5",
      /does not ask for a baseline/,
    ],
    [
      "another trigger that is not there",
      changed("triggers:\n", "triggers:\n  - { id: both, all: [errors, crashes], decision: notify }\n"),
      "3:31",
      /no trigger "crashes" on a metric/,
    ],
    [
      "quiet hours that count as failures",
      changed(
        "    for: 2m",
        "    for: 2m\n    minimum: { metric: { namespace: Shop, name: Requests, statistic: Sum }, count: 20 }",
      ),
      "8:5",
      /quiet hour has no data/,
    ],
  ],
  "trigger-window": [
    ["one sample", changed("for: 2m", "for: 1m"), "6:5", /one sample.*"rollback"/],
    ["no whole periods", changed("for: 2m", "for: 90s"), "6:5", /whole number of periods/],
    [
      "a period CloudWatch has no alarm on",
      changed("period: 1m", "period: 45s"),
      "4:66",
      /no alarm on periods of 45s/,
    ],
    ["longer than CloudWatch looks back", changed("for: 2m", "for: 2d"), "6:5", /looks back a day/],
  ],
  "rollback-trigger-missing-data": [
    ["silence is ignored", changed("missing: breaching", "missing: ignore"), "7:5", /silent service/],
  ],
  "overwrite-needs-proved-backup": [
    [
      "fence without a backup",
      changed("save-db, with: { instance: shop-db }", "save-db, with: { instance: other-db }"),
      "15:9",
      /fences rds-instance shop-db/,
    ],
    [
      "overwrite beside its backup",
      changed(
        "      - { id: save,",
        "      - { id: rewrite, action: rewrite-db, with: { instance: shop-db } }\n      - { id: save,",
      ),
      "12:9",
      /overwrites rds-instance shop-db/,
    ],
  ],
  "fence-before-switch": [
    [
      "no fence",
      changed(
        "  - name: fence\n    steps:\n      - { id: close, action: close-db, with: { instance: shop-db } }\n",
        "",
      ),
      "20:9",
      /nothing keeps the old one from taking writes/,
    ],
    [
      "another database fenced",
      changed(
        "close-db, with: { instance: shop-db }",
        "close-db, with: { instance: other-db }",
        changed(
          "      - { id: save,",
          "      - { id: save-other, action: save-db, with: { instance: other-db } }\n      - { id: save,",
        ),
      ),
      "24:9",
      /old one/,
    ],
    [
      "fenced only beside the switch",
      changed(
        "      - { id: name,",
        "      - { id: close, action: close-db, with: { instance: shop-db } }\n      - { id: name,",
        changed(
          "  - name: fence\n    steps:\n      - { id: close, action: close-db, with: { instance: shop-db } }\n",
          "",
        ),
      ),
      "21:9",
      /nothing keeps the old one/,
    ],
  ],
  "switch-target-unchecked": [
    [
      "no check of what was restored",
      changed(
        'peek, with: { host: "{% $steps.`restored-db`.endpoint.address %}", port: "{% $steps.`restored-db`.endpoint.port %}" }',
        "peek",
      ),
      "23:40",
      /no check looks at that/,
    ],
  ],
  "restored-name-is-live": [
    [
      "the copy named like the original",
      changed("minutes: 5", "name: shop-db"),
      "18:45",
      /rds-instance shop-db, which is live/,
    ],
  ],
  "unrevertible-needs-approval": [
    [
      "nobody asked",
      changed("      - { id: name,", "      - { id: burn, action: burn-bridge }\n      - { id: name,"),
      "23:9",
      /cannot be undone.*"errors"/,
    ],
  ],
  "approval-names-approvers": [
    ["asks nobody", changed("decision: rollback", "decision: approve"), "8:5", /"errors" asks.*names nobody/],
  ],
  "approver-twice": [
    [
      "one address in two spellings",
      changed("notify:", "approval:\n  approvers: [a@shop.example, b@shop.example, A@shop.example]\nnotify:"),
      "33:47",
      /A@shop\.example is named already/,
    ],
  ],
  "time-budget": [
    ["detection slower than promised", changed("for: 2m", "for: 5m"), "31:15", /quickest run takes 5 min/],
    [
      "restore quicker than it can poll",
      changed("restore: 15m", "restore: 1m"),
      "31:27",
      /quickest run takes/,
    ],
    ["verified before it can be", changed("verified: 15m", "verified: 2m"), "31:41", /quickest run takes/],
  ],
  "history-events": [
    ["a week's watch each minute", changed("for: 30m", "for: 7d"), "28:3", /Step Functions holds 25000.*/],
    [
      "many steps polled each second for a month",
      changed(
        "      - { id: save,",
        `${[1, 2, 3, 4, 5, 6].map((number) => `      - { id: save-${number}, action: save-db, poll: 1s, timeout: 30d, with: { instance: db-${number} } }`).join("\n")}\n      - { id: save,`,
      ),
      "12:9",
      /"save-1" is polled every 1 s/,
    ],
  ],
  "level-runs-nothing": [
    [
      "a level to climb to",
      changed(
        "stages:\n",
        "levels: [{ name: full, within: 5m }, { name: never, within: 5m }]\nstages:\n",
        changed("name: fence", "name: fence\n    levels: [full]"),
      ),
      "9:40",
      /no stage names level "never"/,
    ],
    [
      "a level no stage has",
      GOOD.replaceAll("    steps:", "    levels: [full]\n    steps:").replace(
        "decision: rollback",
        "decision: rollback\n    level: flag",
      ),
      "9:5",
      /no stage runs at it/,
    ],
  ],
  "practice-proves-restore": [
    [
      "nothing that could be practised",
      changed(
        "watch:",
        "practice: {}\nwatch:",
        GOOD.replace(/ {2}- name: restore\n[\s\S]*verify:/, "verify:"),
      ),
      "18:1",
      /no step of this plan can be practised/,
    ],
    [
      "a check that looks at the live database instead",
      changed(
        /host: "[^"]+"/.exec(GOOD)![0],
        "host: shop-db.internal",
        changed("watch:", "practice: {}\nwatch:"),
      ),
      "26:1",
      /no check looks at what "restore" restores/,
    ],
  ],
  "redeploy-goes-back": [
    [
      "a change that cannot be undone",
      ramped("steps: [{ id: over, action: burn-bridge }]"),
      "37:15",
      /"over" cannot be undone/,
    ],
    [
      "a change that overwrites what nobody kept",
      ramped("steps: [{ id: over, action: rewrite-db, with: { instance: shop-db } }]"),
      "37:15",
      /overwrites what no record of it holds/,
    ],
    [
      "an end with a watch",
      ramped("steps: [{ id: over, action: move-name, with: { value: a }, until: watch-end }]"),
      "37:66",
      /a ramp has none/,
    ],
    [
      "a trigger that is not there",
      ramped("every: 10m").replace("redeploy:", "redeploy:\n  atOnce: [error]"),
      "35:12",
      /no trigger "error"/,
    ],
  ],
  "redeploy-measures": [
    ["a step that is over before its first round", ramped("every: 49h"), "37:7", /before its first round/],
    [
      "only inside checks",
      ramped("checks: [{ id: inside, check: peek }]"),
      "37:7",
      /no check of "10 %" measures what users/,
    ],
  ],
  "redeploy-history-events": [
    [
      "a round each few seconds",
      ramped("every: 10s").replace("redeploy:", "redeploy:\n  every: 10s"),
      "35:3",
      /about \d{6} history events/,
    ],
    [
      "a notice each minute",
      ramped("every: 30s").replace("redeploy:", "redeploy:\n  progress: 1m\n  every: 30s"),
      "35:3",
      /the ramp has about \d{5} history events/,
    ],
  ],
  "watch-measures-users": [
    [
      "only inside checks",
      changed("id: errors-gone, check: ask", "id: errors-gone, check: peek"),
      "29:3",
      /what users of the service see/,
    ],
  ],
};

describe("plan rules", () => {
  it("find nothing in a good plan", () => {
    expect(problemsOf(GOOD)).toEqual([]);
  });

  it("are one file each, listed under the file's name, and each has a plan here that trips it", () => {
    const files = readdirSync("lib/plan/rules").map((file) => file.replace(/\.ts$/, ""));

    expect(Object.keys(rules).toSorted()).toEqual(
      files.filter((file) => file !== "index" && file !== "rule").toSorted(),
    );
    expect(Object.keys(tripping).toSorted()).toEqual(Object.keys(rules).toSorted());
  });

  for (const [rule, cases] of Object.entries(tripping))
    it.each(cases)(`${rule}: %s`, (_, text, at, words) => {
      const found = foundBy(rule, text);

      expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual([at]);
      expect(found[0]!.reason).toMatch(words);
      expect(found[0]!.instead.length).toBeGreaterThan(5);
    });

  it.each(Object.entries(rightAfterAll))("let pass %s", (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it("history-events names a pause that is long enough", () => {
    const text = changed("for: 30m", "for: 7d");
    const every = /every (\d+) min/.exec(foundBy("history-events", text)[0]!.instead)![1]!;

    expect(foundBy("history-events", changed("every: 1m", `every: ${Number(every) + 1}m`, text))).toEqual([]);
    expect(
      foundBy("history-events", changed("every: 1m", `every: ${Number(every) - 1}m`, text)),
    ).toHaveLength(1);
  });

  it("unrevertible-needs-approval is content when a person is asked", () => {
    const text = changed(
      "decision: rollback",
      "decision: approve",
      changed(
        "      - { id: name,",
        "      - { id: burn, action: burn-bridge }\n      - { id: name,",
        changed("notify:", "approval: { approvers: [a@shop.example] }\nnotify:"),
      ),
    );

    expect(problemsOf(text)).toEqual([]);
  });

  it("that throw are findings, never a pass", () => {
    const plan = loadPlanOrThrow({ file: "shop.yaml", text: GOOD }, registries);
    const broken = () => {
      throw new Error("cannot think");
    };

    expect(judge(plan, registries, { broken })).toMatchObject([
      { rule: "broken", reason: expect.stringContaining("cannot think") },
    ]);
  });
});
