import { Mistake } from "./invalid.ts";
import type { ArrayNode, Node, ObjectNode } from "./nodes.ts";
import { wildcard } from "./wildcard.ts";

interface Operator {
  make: (wanted: string, end: number) => (found: string) => boolean;
  /** Why a value that is no text is refused. */
  mistake: string;
  /** Whether an empty text is refused. */
  notEmpty?: boolean;
}

/** What may stand inside `anything-but`, by name. */
export type AnythingButOperators = Record<string, Operator>;

const affix = "prefix/suffix match pattern must be a string";
const prefix = (wanted: string) => (found: string) => found.startsWith(wanted);

/** EventBridge's. */
export const OPERATORS: AnythingButOperators = {
  prefix: { make: prefix, mistake: affix, notEmpty: true },
  suffix: { make: (wanted) => (found) => found.endsWith(wanted), mistake: affix, notEmpty: true },
  "equals-ignore-case": {
    make: (wanted) => (found) => found.toLowerCase() === wanted.toLowerCase(),
    mistake: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
  },
  wildcard: { make: wildcard, mistake: "wildcard match pattern must be a string" },
};

/** Those of a subscription's filter policy. */
export const SNS_OPERATORS: AnythingButOperators = {
  prefix: { make: prefix, mistake: "prefix match pattern must be a string", notEmpty: true },
};

/** Everything but a value, a list of strings or of numbers, or what an operator matches. The field must be there. */
export function anythingBut(wanted: Node, operators: AnythingButOperators): (found: unknown) => boolean {
  if (wanted.kind === "string" || wanted.kind === "number") return (found) => found !== wanted.value;
  if (wanted.kind === "array") return noneOf(wanted);
  if (wanted.kind === "object") return noneMatching(wanted, operators);
  throw noValue(wanted);
}

const noValue = ({ at }: Node) =>
  new Mistake("Value of anything-but must be an array or single string/number value.", at);

function noneOf(wanted: ArrayNode): (found: unknown) => boolean {
  const values = wanted.items.map((each) => {
    if (each.kind === "string" || each.kind === "number") return each.value;
    throw new Mistake("Inside anything but list, start|null|boolean is not supported.", each.at, 2);
  });
  if (new Set(values.map((each) => typeof each)).size !== 1)
    throw new Mistake(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
      wanted.end,
    );
  return (found) => !values.some((each) => each === found);
}

function noneMatching(wanted: ObjectNode, operators: AnythingButOperators): (found: unknown) => boolean {
  const [member, more] = wanted.members;
  if (!member) throw new Mistake("Anything-But expression name not found", wanted.end);
  const { name, node } = member;
  const operator = operators[name];
  if (!operator) throw new Mistake(`Unsupported anything-but pattern: ${name}`, node.at);
  // A word such as `false` is no value at all, unless SNS has its own words for it.
  if (node.kind === "object" || (node.kind === "word" && operators === OPERATORS)) throw noValue(node);
  const times = node.kind === "array" ? 2 : 1;
  const values = node.kind === "array" ? node.items : [node];
  if (values.length === 0) throw new Mistake("Empty arrays are not allowed", node.end);
  const tests = values.map((each) => {
    if (each.kind !== "string") throw new Mistake(operator.mistake, each.at, times);
    if (each.value === "" && operator.notEmpty)
      throw new Mistake("Null prefix/suffix not allowed", each.end, times);
    return operator.make(each.value, node.end);
  });
  if (more) throw new Mistake("Too many elements in numeric expression", more.node.at);
  return (found) => typeof found !== "string" || !tests.some((test) => test(found));
}
