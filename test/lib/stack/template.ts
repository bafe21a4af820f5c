import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { buildBundles } from "../../../lambdas/build.ts";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import type { Plan } from "../../../lib/plan/schema.ts";
import { WatchdogStack } from "../../../lib/stack.ts";

/** A resource of a template, as far as tests look into it. */
export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface Statement {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

export const researchLab = () => loadPlanOrThrow("plans/llm-research-lab.yaml");

/** The research lab's plan with changes. */
export function planWith(changes: Partial<Plan>): Plan {
  return { ...researchLab(), ...changes };
}

/** A stack of a plan in an app of its own. */
export async function stackOf(plan: Plan = researchLab()): Promise<WatchdogStack> {
  return new WatchdogStack(
    new App({
      context: { "@aws-cdk/aws-iam:minimizePolicies": true },
      builtinCloudFormationValidation: false,
    }),
    {
      plan,
      bundles: await buildBundles(),
    },
  );
}

/** Its resources by logical id. */
export async function resourcesOf(plan?: Plan): Promise<Record<string, Resource>> {
  return Template.fromStack(await stackOf(plan)).toJSON()["Resources"] as Record<string, Resource>;
}

export const ofType = (resources: Record<string, Resource>, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The one resource of its type, with its logical id. */
export function onlyOne(resources: Record<string, Resource>, type: string): [string, Resource] {
  const [found, ...others] = ofType(resources, type);
  if (!found || others.length > 0)
    throw new Error(`${others.length + (found ? 1 : 0)} resources are ${type}`);
  return found;
}

/** The machine of runs; the other ones are the escalation ladder, the rehearsal and the like. */
export const rollbackMachine = (resources: Record<string, Resource>): [string, Resource] =>
  ofType(resources, "AWS::StepFunctions::StateMachine").find(([id]) => id.includes("Rollback"))!;

/** Statements by role: logical id of the role → every statement of its policies. */
export function statementsByRole(resources: Record<string, Resource>): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>(ofType(resources, "AWS::IAM::Role").map(([id]) => [id, []]));
  for (const [, { Properties }] of [
    ...ofType(resources, "AWS::IAM::Policy"),
    ...ofType(resources, "AWS::IAM::ManagedPolicy"),
  ]) {
    const { Statement } = Properties["PolicyDocument"] as { Statement: Statement[] };
    for (const { Ref } of (Properties["Roles"] ?? []) as { Ref: string }[])
      found.get(Ref)?.push(...Statement);
  }
  return found;
}

export const actionsOf = ({ Action }: Statement): string[] => [Action].flat();
