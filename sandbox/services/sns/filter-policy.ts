import { ServiceException } from "../../service.ts";
import { compilePattern } from "../events/pattern/index.ts";

const MOST_COMBINATIONS = 150;
const MOST_KEYS = 5;

/**
 * Why SNS refuses a filter policy, or undefined when it takes it
 * (https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html).
 */
export function filterPolicyMistake(text: string, scope: string | undefined): string | undefined {
  const policy = JSON.parse(text) as unknown;
  if (typeof policy !== "object" || policy === null || Array.isArray(policy))
    return "FilterPolicy: Filter is not an object";
  if (Object.keys(policy).length === 0) return undefined;
  try {
    // SNS names places in the policy as it writes it itself, without the spaces of the one it was given.
    compilePattern(JSON.stringify(policy), "sns");
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error;
    return `FilterPolicy: ${error.message.replace("Event pattern is not valid. Reason: ", "")}`;
  }
  const alternatives = alternativesOf(policy as Record<string, unknown>, 1);
  if (scope !== "MessageBody" && alternatives.some(({ depth }) => depth > 1))
    return "Filter policy scope MessageAttributes does not support nested filter policy";
  if (alternatives.reduce((sum, { combinations }) => sum + combinations, 0) > MOST_COMBINATIONS)
    return "FilterPolicy: Filter policy is too complex";
  // Of a nested policy only the outermost names count.
  if (alternatives.some(({ keys }) => keys > MOST_KEYS))
    return `FilterPolicy: Filter policy can not have more than ${MOST_KEYS} keys`;
  return undefined;
}

/** One way through a policy's `$or`s. */
interface Alternative {
  keys: number;
  /** Values of every array times the level it stands on, multiplied. */
  combinations: number;
  /** The deepest level of a value; 1 is the policy itself. */
  depth: number;
}

function alternativesOf(policy: Record<string, unknown>, level: number): Alternative[] {
  let found: Alternative[] = [{ keys: 0, combinations: 1, depth: level }];
  const and = (others: Alternative[]) => {
    found = found.flatMap((one) =>
      others.map((other) => ({
        keys: one.keys + other.keys,
        combinations: one.combinations * other.combinations,
        depth: Math.max(one.depth, other.depth),
      })),
    );
  };
  for (const [name, value] of Object.entries(policy)) {
    if (name === "$or" && Array.isArray(value) && value.every((each) => typeof each === "object"))
      and(value.flatMap((each) => alternativesOf(each as Record<string, unknown>, level)));
    else if (Array.isArray(value)) and([{ keys: 1, combinations: value.length * level, depth: level }]);
    else
      and(alternativesOf(value as Record<string, unknown>, level + 1).map((each) => ({ ...each, keys: 1 })));
  }
  return found;
}
