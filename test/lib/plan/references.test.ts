import { describe, expect, it } from "vitest";
import { changed, GOOD, told } from "./support.ts";

const VALUE = '{% $steps.`restored-db`.endpoint.address %}" } }\nverify';
const using = (expression: string) => told(changed(VALUE, `{% ${expression} %}" } }\nverify`));

describe("an expression", () => {
  it.each([
    "$steps.`restored-db`.endpoint.address & '.internal'",
    "$steps.`restored-db`.replicas[0].address",
    "$steps.`restored-db`.endpoint.port > 5000 ? $steps.`restored-db`.endpoint.address : $run.service",
    "($x := $steps.`restored-db`.endpoint; $x.address)",
    "$uppercase($steps.`restored-db`.endpoint.address) & $run.id",
    "$join($map([$steps.`restored-db`.endpoint.port], $string), ',')",
    "$steps.`restored-db`.replicas[address = 'a'].address",
  ])("may be %s", (expression) => {
    expect(using(expression)).toEqual([]);
  });

  it.each([
    [
      "$steps.`restored-db`.endpoint.adress",
      '$steps.`restored-db`.endpoint has no output "adress" → write "address"',
    ],
    [
      "$steps.`restored-db`.endpont.address",
      '$steps.`restored-db` has no output "endpont" → write "endpoint"',
    ],
    [
      "$steps.`restored-db`.endpoint.address.first",
      "$steps.`restored-db`.endpoint.address has no parts → use $steps.`restored-db`.endpoint.address",
    ],
    ["$steps.`restored-bd`.endpoint.address", 'there is no step "restored-bd" → use "restored-db"'],
    [
      "$steps.restored-db.endpoint.address",
      "$steps.restored-db would be a subtraction → put the id in backticks: $steps.`restored-db`",
    ],
    [
      "$steps.name.id",
      'the step "name" does not run before this → move it to an earlier stage; the steps of a stage run side by side',
    ],
    [
      "$states.context.Execution.Id",
      "$states belongs to the state machine, and its states change from release to release → use $steps.<step>.<output> or $run",
    ],
    ["$changes.save.before", "$changes is not known here → use $steps.<step>.<output> or $run"],
    ["$steps", "$steps alone names no step → write $steps.<step>.<output>"],
    ["steps.save.id", '"steps" means nothing here: there is no context → use $steps.<step>.<output> or $run'],
    ["$.steps", "$ means nothing here: there is no context → use $steps.<step>.<output> or $run"],
    ["$upercase($run.id)", "there is no function $upercase → write $uppercase"],
    ["$eval('1')", "$eval is not allowed in Step Functions → write $parse"],
  ])("%s is refused", (expression, expected) => {
    expect(using(expression)).toEqual([`23:48 stages[3].steps[0].with.value: ${expected}`]);
  });

  it("that JSONata cannot read is told in words, with the character", () => {
    expect(using("$steps.(")).toEqual([
      expect.stringMatching(
        /^23:48 .*the expression cannot be read: .*\(character \d+\) → correct the JSONata/,
      ),
    ]);
  });

  it("with text around it would be sent as text, and is refused", () => {
    expect(told(changed(VALUE, 'db-{% $run.id %}" } }\nverify'))).toEqual([
      expect.stringContaining("an expression must be the whole value"),
    ]);
  });

  it("of a step of the same stage is refused: they run side by side", () => {
    const text = changed(
      "      - { id: name, action",
      '      - { id: other, action: copy-db, with: { instance: "{% $steps.name.id %}" } }\n      - { id: name, action',
    );

    expect(told(text)).toEqual([expect.stringContaining('the step "name" does not run before this')]);
  });

  it("of a step that does not run at every level of its user is refused", () => {
    const text = changed(
      "  - name: restore\n",
      "  - name: restore\n    levels: [full]\n",
      changed("decision: rollback", "decision: rollback\n    level: flag"),
    );

    expect(told(text)).toEqual([
      expect.stringContaining(
        'the step "restored-db" does not run at level "flag", and this does → let both run at the same levels',
      ),
    ]);
  });

  it("of a step of a level is fine where its user runs at that level only", () => {
    const levelled = changed("  - name: restore\n", "  - name: restore\n    levels: [full]\n", GOOD);

    expect(told(changed("  - name: switch\n", "  - name: switch\n    levels: [full]\n", levelled))).toEqual(
      [],
    );
  });

  it("in the verification may use steps that run at every level only", () => {
    const text = changed(
      "{ id: health, check: ask }",
      '{ id: health, check: ask, with: { host: "{% $steps.save.id %}" } }',
      changed("  - name: back up\n", "  - name: back up\n    levels: [flag]\n"),
    );

    expect(told(text)).toEqual([
      expect.stringContaining('verify[0].with.host: the step "save" does not run at level "full"'),
    ]);
  });
});
