import { type ActionSpec, type CheckSpec, EFFECTS, type Resource } from "../../lambdas/runtime/spec.ts";
import { durationText } from "../plan/duration.ts";
import type { Registries } from "../plan/registries.ts";
import { deepRowsOf, jsonOf } from "./fields.ts";
import { code, MADE, page, table } from "./markdown.ts";
import { sampleArn, sampleOf } from "./sample.ts";
import { statementCells } from "./statements.ts";

const FIELDS = ["Key", "Type", "Default", "Meaning"];
const STATEMENT = ["IAM actions", "Resources", "Conditions"];

const resources = (found: Resource[] = []) => found.map(({ type, id }) => code(`${type} ${id}`)).join(", ");
const pages = (docs: string[]) =>
  docs
    .map(
      (url) =>
        `[${decodeURIComponent(
          url
            .split("/")
            .at(-1)!
            .replace(/\.html?$/, ""),
        )}](${url})`,
    )
    .join(", ");

/** What actions and checks have in common. Rows without a text are left out. */
function facts(rows: [string, string][]): string {
  return table(
    ["", ""],
    rows.filter(([, text]) => text !== ""),
  );
}

function undone({ revertible }: ActionSpec): string {
  if (typeof revertible === "function")
    return "with what the plan gives for it; otherwise the plan must ask for an approval before it";
  return revertible ? "yes" : "no: the plan must ask for an approval before it";
}

function actionSection(spec: ActionSpec): string {
  const json = jsonOf(spec.input);
  const sample = sampleOf(json) as never;
  const { read, write, revert = [] } = spec.permissions(sample, sampleArn);
  const { timeoutSeconds, pollSeconds, phases = 1 } = spec.timing;
  return page(
    `### ${code(spec.kind)}`,
    `${spec.summary}.`,
    facts([
      ["Effect", `${spec.effect}: ${EFFECTS[spec.effect]}`],
      ["Can be undone", undone(spec)],
      ["Changes", resources(spec.touches(sample))],
      ["Backs up", resources(spec.backsUp?.(sample))],
      ["Makes", resources(spec.creates?.(sample))],
      [
        "Time",
        `must be done within ${durationText(timeoutSeconds)}, polled every ${durationText(pollSeconds)} or less often${phases > 1 ? `, applied in up to ${phases} parts` : ""}`,
      ],
      ["Runs on hosts", (spec.documents?.(sample) ?? []).map(code).join(", ")],
      ["Runs in the VPC", spec.needsVpc ? "yes, where the plan names one" : ""],
      ["SDK clients", spec.clients.map(code).join(", ")],
      ["Runbook rows", spec.runbooks.join(", ")],
      ["AWS", pages(spec.docs)],
    ]),
    "Input (`with:`)",
    table(FIELDS, deepRowsOf(json)),
    `Outputs (${code("$steps.<step>.<output>")})`,
    table(FIELDS, deepRowsOf(jsonOf(spec.outputs, "output")).map(optional)),
    "Permissions",
    table(
      ["Used by", ...STATEMENT],
      [
        ...read.map((each) => ["preflight, poll", ...statementCells(each)]),
        ...write.map((each) => ["apply, revert", ...statementCells(each)]),
        ...revert.map((each) => ["revert", ...statementCells(each)]),
      ],
    ),
  ).trimEnd();
}

/** An output is there or not; it is never given. */
const optional = ([name = "", type = "", preset, meaning = ""]: string[]): string[] => [
  name,
  preset === "must be given" ? type : `${type}, if there is one`,
  "",
  meaning,
];

function checkSection(spec: CheckSpec): string {
  const json = jsonOf(spec.input);
  const sample = sampleOf(json) as never;
  return page(
    `### ${code(spec.kind)}`,
    `${spec.summary}.`,
    facts([
      ["Time", `one measurement within ${durationText(spec.timeoutSeconds)}`],
      ["Measures what users see", spec.measuresUsers ? "yes; a watch needs one such check" : "no"],
      ["Runs in the VPC", spec.needsVpc ? "yes, where the plan names one" : ""],
      ["SDK clients", spec.clients.map(code).join(", ")],
      ["Runbook rows", spec.runbooks.join(", ")],
      ["AWS and others", pages(spec.docs)],
    ]),
    "Input (`with:`)",
    table(FIELDS, deepRowsOf(json)),
    "Permissions",
    table(STATEMENT, spec.permissions(sample, sampleArn).map(statementCells)) || "None.",
  ).trimEnd();
}

/** docs/actions.md: every action and every check, from its spec. */
export function actionsPage({ actions, checks }: Registries): string {
  const sorted = <Spec extends { kind: string }>(all: Record<string, Spec>) =>
    Object.values(all).toSorted((left, right) => (left.kind < right.kind ? -1 : 1));
  const index = (all: { kind: string; summary: string }[]) =>
    table(
      ["Kind", "What it does"],
      all.map(({ kind, summary }) => [`[${code(kind)}](#${kind})`, summary]),
    );
  return page(
    MADE,
    "# Actions and checks",
    "What a plan's steps (`action:`) and checks (`check:`) can be, and what each takes in its `with:`. Any value may be an " +
      "expression with outputs of earlier stages instead: `{% $steps.restore.instance %}`. In the tables of permissions " +
      "`<key>` stands for the input of that name, with every optional input given. Before each apply the service's lock and " +
      "freeze are read too (`dynamodb:GetItem`). [permissions.md](permissions.md) has the roles of one whole plan.",
    index(sorted(actions)),
    index(sorted(checks)),
    "## Actions",
    ...sorted(actions).map(actionSection),
    "## Checks",
    ...sorted(checks).map(checkSection),
  );
}
