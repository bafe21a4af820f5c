import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnElement } from "aws-cdk-lib";
import { HANDLERS } from "../../lambdas/build.ts";
import type { Permission } from "../../lambdas/runtime/spec.ts";
import { KEY_USES } from "../keys.ts";
import { loadPlanOrThrow } from "../plan/load.ts";
import type { Registries } from "../plan/registries.ts";
import { NEVER } from "../roles.ts";
import { WatchdogStack } from "../stack.ts";
import { FLAGS } from "../synthesize.ts";
import { code, MADE, page, table } from "./markdown.ts";
import { statementCells } from "./statements.ts";

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

interface Statement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: Permission["conditions"];
}

/** A synthesized stack: its resources by logical id, and the name that the code gives to each. */
interface Template {
  resources: Record<string, Resource>;
  names: Map<string, string>;
}

/** The plan's stack. The code of its functions does not matter here: any folder stands for it. */
function synthesized(planFile: string, kinds: string[]): Template {
  const outdir = mkdtempSync(join(tmpdir(), "watchdog-permissions-"));
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      context: FLAGS,
      builtinCloudFormationValidation: false,
    });
    const folder = import.meta.dirname;
    const stack = new WatchdogStack(app, {
      plan: loadPlanOrThrow(planFile),
      bundles: Object.fromEntries([...HANDLERS, ...kinds].map((name) => [name, { folder }])),
    });
    const { template } = app.synth().getStackByName(stack.stackName);
    const names = stack.node
      .findAll()
      .filter((each) => CfnElement.isCfnElement(each))
      .map((each): [string, string] => [
        stack.resolve(each.logicalId) as string,
        each.node.path
          .split("/")
          .slice(2)
          .join("/")
          .replace(/\/Resource$/, ""),
      ]);
    return { resources: template.Resources as Record<string, Resource>, names: new Map(names) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const PSEUDO: Record<string, string> = {
  "AWS::Region": "<region>",
  "AWS::AccountId": "<account>",
  "AWS::Partition": "aws",
};

/** A value of the template as text; `<Runs.Arn>` stands for an attribute of the stack's own resource `Runs`. */
function textOf(value: unknown, names: Template["names"]): string {
  if (typeof value === "string") return value;
  const [[operator, given] = ["", undefined]] = Object.entries(value as object);
  const name = (id: string) => names.get(id) ?? id;
  if (operator === "Ref") return PSEUDO[given as string] ?? `<${name(given as string)}>`;
  if (operator === "Fn::GetAtt") return `<${name((given as string[])[0]!)}.${(given as string[])[1]}>`;
  if (operator === "Fn::Join") {
    const [separator, parts] = given as [string, unknown[]];
    return parts.map((part) => textOf(part, names)).join(separator);
  }
  throw new Error(
    `A role's policy holds ${JSON.stringify(value)}, which the page of permissions cannot put into words.`,
  );
}

/** Statements of every policy of a role. */
function statementsOf({ resources }: Template, roleId: string): Statement[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === "AWS::IAM::Policy" || Type === "AWS::IAM::ManagedPolicy")
    .filter(({ Properties }) =>
      ((Properties?.["Roles"] ?? []) as { Ref?: string }[]).some(({ Ref }) => Ref === roleId),
    )
    .flatMap(({ Properties }) => (Properties!["PolicyDocument"] as { Statement: Statement[] }).Statement);
}

const isDeletes = ({ Effect, Action = [] }: Statement) =>
  Effect === "Deny" && [Action].flat().toSorted().join() === NEVER.toSorted().join();

/** Functions that run under a role: their names in the code and what they do. */
const functionsOf = ({ resources, names }: Template, roleId: string): [string, string][] =>
  Object.entries(resources)
    .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
    .filter(([, { Properties }]) => JSON.stringify(Properties!["Role"]).includes(`"${roleId}"`))
    .map(([id, { Properties }]) => [
      names.get(id)!,
      String(Properties!["Description"] ?? "").replace(/^[^:]+: /, ""),
    ]);

function roleSection(template: Template, id: string, role: Resource): string {
  const statements = statementsOf(template, id);
  // "All but these", in IAM's own words.
  const listed = (own: unknown, others: unknown, not: string): string[] =>
    own === undefined
      ? [others].flat().map((each) => `${not} ${textOf(each, template.names)}`)
      : [own].flat().map((each) => textOf(each, template.names));
  const cells = ({ Action, NotAction, Resource, NotResource, Condition = {} }: Statement): string[] =>
    statementCells({
      actions: listed(Action, NotAction, "NotAction"),
      resources: listed(Resource, NotResource, "NotResource"),
      conditions: Object.fromEntries(
        Object.entries(Condition).map(([operator, keys]) => [
          operator,
          Object.fromEntries(
            Object.entries(keys).map(([key, value]) => [
              key,
              [value].flat().map((each) => textOf(each, template.names)),
            ]),
          ),
        ]),
      ),
    });
  const rows = statements
    .filter((each) => !isDeletes(each))
    .toSorted((left, right) => left.Effect.localeCompare(right.Effect))
    .map((each) => [each.Effect, ...cells(each)]);
  const functions = functionsOf(template, id).map(([name, does]) => `- ${code(name)}: ${does}`);
  return page(
    `## ${code(template.names.get(id)!)}`,
    `${String(role.Properties?.["Description"] ?? "Made by the CDK")}.`,
    functions.length > 0 ? `Functions:\n\n${functions.join("\n")}` : "",
    table(["", "IAM actions", "Resources", "Conditions"], rows),
    statements.some(isDeletes) ? "And the Deny on deletes." : "",
  ).trimEnd();
}

/** docs/permissions.md: every role of one plan's stack and what it may do, from the template that is deployed. */
export function permissionsPage(planFile: string, { actions, checks }: Registries): string {
  const template = synthesized(planFile, [...Object.keys(actions), ...Object.keys(checks)]);
  const roles = Object.entries(template.resources).filter(([, { Type }]) => Type === "AWS::IAM::Role");
  return page(
    MADE,
    "# Permissions",
    `Every role of the stack of \`${planFile}\`, as its template has them. One role cannot write and serves preflight, poll ` +
      "and the checks of all steps; each kind of action has a role of its own for apply and revert, which holds what this " +
      "plan's steps of that kind call and nothing else. `<Runs.Arn>` stands for an attribute of the stack's own resource " +
      "`Runs`. What each kind needs whatever the plan is in [actions.md](actions.md).",
    "## The Deny on deletes",
    "Roles of functions hold one Deny that nothing they are given can outweigh, on all resources:",
    NEVER.map(code).join(", "),
    "The one role that may delete is `PracticeDeleteRole`, in the stack of a plan that is [practised](practice.md). No function " +
      "runs under it: the clean-up takes it on for one practice, named by a session tag, and can then delete what carries that tag.",
    "## Customer managed keys",
    "A plan names in `keys` the KMS keys with which its databases, secrets, objects and parameters are encrypted, where they " +
      "are your own. Each role gets of them what its calls need, and only through the service that it calls:",
    table(
      ["Calls", "Key actions", "Through (`kms:ViaService`)"],
      KEY_USES.map(({ calls, actions, service }) => [
        code(calls.source.replaceAll(/[\^$]/g, "")),
        actions.map(code).join(" "),
        service,
      ]),
    ),
    "`kms:CreateGrant` is for grants to AWS itself only (`kms:GrantIsForAWSResource`). The keys' own policies must let the " +
      "account's IAM policies decide, or name these roles.",
    ...roles.map(([id, role]) => roleSection(template, id, role)),
  );
}
