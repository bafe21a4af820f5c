import { compile, expressionIn } from "../../states/jsonata.ts";

/** One thing wrong with a definition. */
export interface DefinitionProblem {
  message: string;
  /** JSON pointer, as AWS gives it: `/States/A/Next`. */
  location: string;
}

const TYPES = new Set(["Task", "Pass", "Wait", "Choice", "Parallel", "Map", "Succeed", "Fail"]);
const PATH_FIELDS = [
  "InputPath",
  "OutputPath",
  "ResultPath",
  "Parameters",
  "ResultSelector",
  "ItemsPath",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "MaxConcurrencyPath",
];
const JSONATA_FIELDS = ["Arguments", "Output", "Items"];
const REQUIRED: Record<string, string[]> = {
  Task: ["Resource"],
  Choice: ["Choices"],
  Parallel: ["Branches"],
};
const NO_NEXT = new Set(["Choice", "Succeed", "Fail"]);

type Json = Record<string, unknown>;

/** Everything wrong with a definition, in its order. An empty list means that CreateStateMachine takes it. */
export function problemsOf(text: string): DefinitionProblem[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [{ message: "INVALID_JSON_DESCRIPTION: The definition is not valid JSON", location: "/" }];
  }
  const problems: DefinitionProblem[] = [];
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return [{ message: "The definition must be a JSON object", location: "/" }];
  checkMachine(parsed as Json, "", "JSONPath", problems);
  return problems;
}

function checkMachine(machine: Json, at: string, outer: string, problems: DefinitionProblem[]): void {
  const language = String(machine["QueryLanguage"] ?? outer);
  const states = machine["States"] as Record<string, Json> | undefined;
  if (!states || Object.keys(states).length === 0) {
    problems.push({ message: "These fields are required: [States]", location: at || "/" });
    return;
  }
  if (typeof machine["StartAt"] !== "string")
    problems.push({ message: "These fields are required: [StartAt]", location: at || "/" });
  else if (!(machine["StartAt"] in states))
    problems.push({
      message: `MISSING_TRANSITION_TARGET: Missing 'Next' target: ${machine["StartAt"]}`,
      location: `${at}/StartAt`,
    });
  for (const [name, state] of Object.entries(states))
    checkState(name, state, states, `${at}/States/${name}`, language, problems);
  if (typeof machine["StartAt"] === "string" && machine["StartAt"] in states) {
    const reached = reachable(machine["StartAt"], states);
    for (const name of Object.keys(states))
      if (!reached.has(name))
        problems.push({
          message: `MISSING_TRANSITION_TARGET: State "${name}" is not reachable.`,
          location: `${at}/States/${name}`,
        });
  }
}

function checkState(
  name: string,
  state: Json,
  states: Record<string, Json>,
  at: string,
  outer: string,
  problems: DefinitionProblem[],
): void {
  const type = String(state["Type"]);
  if (name.length > 80)
    problems.push({ message: `The state name '${name}' is longer than 80 characters`, location: at });
  if (!TYPES.has(type)) {
    problems.push({
      message: `Value is not valid: ${type}. It must be one of: [${[...TYPES].join(", ")}]`,
      location: `${at}/Type`,
    });
    return;
  }
  const language = String(state["QueryLanguage"] ?? outer);
  if (outer === "JSONata" && language === "JSONPath")
    problems.push({
      message: "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
      location: `${at}/QueryLanguage`,
    });
  for (const field of REQUIRED[type] ?? [])
    if (!(field in state)) problems.push({ message: `These fields are required: [${field}]`, location: at });
  const foreign = language === "JSONata" ? PATH_FIELDS : JSONATA_FIELDS;
  for (const field of foreign)
    if (field in state)
      problems.push({
        message: `The field '${field}' is not supported by ${language === "JSONata" ? "JSONata" : "JSONPath"} states`,
        location: `${at}/${field}`,
      });
  for (const [field, target] of transitions(state))
    if (!(target in states))
      problems.push({
        message: `MISSING_TRANSITION_TARGET: Missing 'Next' target: ${target}`,
        location: `${at}/${field}`,
      });
  if (!NO_NEXT.has(type) && typeof state["Next"] !== "string" && state["End"] !== true)
    problems.push({ message: "Expected one of: 'Next', 'End'", location: at });
  if (language === "JSONata") checkExpressions(state, at, problems);
  if (type === "Parallel")
    for (const [index, branch] of ((state["Branches"] as Json[]) ?? []).entries())
      checkMachine(branch, `${at}/Branches[${index}]`, language, problems);
  const processor = (state["ItemProcessor"] ?? state["Iterator"]) as Json | undefined;
  if (type === "Map") {
    if (processor) checkMachine(processor, `${at}/ItemProcessor`, language, problems);
    else problems.push({ message: "These fields are required: [ItemProcessor]", location: at });
  }
}

function transitions(state: Json): [string, string][] {
  const found: [string, string][] = [];
  if (typeof state["Next"] === "string") found.push(["Next", state["Next"]]);
  if (typeof state["Default"] === "string") found.push(["Default", state["Default"]]);
  for (const [index, choice] of ((state["Choices"] as Json[]) ?? []).entries())
    if (typeof choice["Next"] === "string") found.push([`Choices[${index}]/Next`, choice["Next"]]);
  for (const [index, catcher] of ((state["Catch"] as Json[]) ?? []).entries())
    if (typeof catcher["Next"] === "string") found.push([`Catch[${index}]/Next`, catcher["Next"]]);
  return found;
}

function reachable(start: string, states: Record<string, Json>): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states[name];
    if (seen.has(name) || !state) continue;
    seen.add(name);
    open.push(...transitions(state).map(([, target]) => target));
  }
  return seen;
}

/** Every expression must parse, and may not use `$`, `$$` or a bare name at its top level as input. */
function checkExpressions(value: unknown, at: string, problems: DefinitionProblem[]): void {
  if (typeof value === "string") {
    const source = expressionIn(value);
    if (source === undefined) {
      if (/^\{%|%\}$/.test(value) && value.startsWith("{%") !== value.endsWith("%}"))
        problems.push({
          message: "INVALID_JSONATA: A JSONata expression must begin with '{%' and end with '%}'",
          location: at,
        });
      return;
    }
    try {
      compile(source);
    } catch (error) {
      problems.push({ message: `INVALID_JSONATA: ${(error as { message: string }).message}`, location: at });
    }
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (["Branches", "ItemProcessor", "Iterator"].includes(key)) continue;
    checkExpressions(each, Array.isArray(value) ? `${at}[${key}]` : `${at}/${key}`, problems);
  }
}
