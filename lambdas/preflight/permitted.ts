import { type EvaluationResult, IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";
import { clientSettings, once } from "../runtime/clients.ts";
import type { ExpectedPermission, PlannedCall } from "../runtime/protocol.ts";
import { type Question, questionOf } from "./samples.ts";

const iam = once(() => new IAMClient(clientSettings));

/** Of one step or check: how many of its actions are allowed, and one line for each that is not. */
export interface Permitted {
  permitted: number;
  of: number;
  denied: string[];
  calls: PlannedCall[];
}

/**
 * Simulates the deployed roles: their own policies, boundaries and the organization's. What a resource's policy, a
 * key's policy or a VPC endpoint would refuse is not seen by it.
 */
export async function permitted(expected: ExpectedPermission[]): Promise<Map<string, Permitted>> {
  const answers = new Map<string, Promise<EvaluationResult[]>>();
  const found = new Map<string, Permitted>();
  for (const each of expected) {
    const question = questionOf(each);
    const key = JSON.stringify(question);
    // One after the other: IAM answers few simulations a second.
    if (!answers.has(key)) answers.set(key, Promise.resolve(await simulated(question)));
    const results = await answers.get(key)!;
    const refused = results.filter(({ EvalDecision }) => EvalDecision !== "allowed");
    for (const of of idsOf(each)) {
      const sum = found.get(of) ?? { permitted: 0, of: 0, denied: [], calls: [] };
      found.set(of, {
        permitted: sum.permitted + results.length - refused.length,
        of: sum.of + results.length,
        denied: [...sum.denied, ...refused.map((result) => refusedText(each, result))],
        calls: [...sum.calls, ...results.map((result) => callOf(each, question, result))],
      });
    }
  }
  return found;
}

/** Steps and checks that need a permission. */
export const idsOf = ({ of, alike = [] }: Pick<ExpectedPermission, "of" | "alike">): string[] => [
  of,
  ...alike,
];

/** With the resource as the role has it: the name that IAM was asked about is a made-up one that fits. */
const callOf = (
  { as, resources }: ExpectedPermission,
  asked: Question,
  { EvalActionName = "", EvalResourceName = "*", EvalDecision }: EvaluationResult,
): PlannedCall => ({
  as,
  action: EvalActionName,
  resource: resources[asked.resources.indexOf(EvalResourceName)] ?? EvalResourceName,
  allowed: EvalDecision === "allowed",
});

async function simulated({ roleArn, actions, resources, context }: Question): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  const pages = paginateSimulatePrincipalPolicy(
    { client: iam() },
    {
      PolicySourceArn: roleArn,
      ActionNames: actions,
      ResourceArns: resources,
      ContextEntries: context.map(({ key, values }) => ({
        ContextKeyName: key,
        ContextKeyValues: values,
        ContextKeyType: values.length > 1 ? "stringList" : "string",
      })),
    },
  );
  for await (const { EvaluationResults = [] } of pages) results.push(...EvaluationResults);
  return results;
}

function refusedText({ as, roleArn }: ExpectedPermission, result: EvaluationResult): string {
  const why =
    result.OrganizationsDecisionDetail?.AllowedByOrganizations === false
      ? "the organization's policies refuse it"
      : result.EvalDecision === "explicitDeny"
        ? "a policy denies it"
        : "no policy allows it";
  return `${as}: ${roleArn.split("/").at(-1)} may not ${result.EvalActionName} on ${result.EvalResourceName ?? "*"} (${why})`;
}
