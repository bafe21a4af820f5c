import type { Target } from "@aws-sdk/client-eventbridge";
import { find, parsePath } from "../../states/jsonpath/path.ts";
import type { BusEntry } from "./deliver.ts";
import type { Rule } from "./state.ts";

/** What a target receives: the event, a constant, a part of the event, or a template filled from it. */
export function targetInput(target: Target, entry: BusEntry, rule: Rule): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(at(target.InputPath, entry) ?? null);
  const { InputTransformer } = target;
  if (!InputTransformer) return JSON.stringify(entry);
  const variables: Record<string, unknown> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": entry.time,
    "aws.events.event": { ...entry, detail: undefined },
    "aws.events.event.json": entry,
  };
  for (const [name, path] of Object.entries(InputTransformer.InputPathsMap ?? {}))
    variables[name] = at(path, entry);
  const template = InputTransformer.InputTemplate ?? "";
  let quoted = false;
  let text = "";
  for (let index = 0; index < template.length; index += 1) {
    const placeholder = /^<([\w.-]+)>/.exec(template.slice(index));
    if (placeholder && placeholder[1]! in variables) {
      const value = variables[placeholder[1]!];
      // Inside quotes a value is text; outside it is JSON, and a string without quotes gets them.
      text += quoted
        ? typeof value === "string"
          ? JSON.stringify(value).slice(1, -1)
          : JSON.stringify(value ?? "")
        : JSON.stringify(value ?? "");
      index += placeholder[0].length - 1;
      continue;
    }
    if (template[index] === '"' && template[index - 1] !== "\\") quoted = !quoted;
    text += template[index];
  }
  return text;
}

function at(path: string, entry: BusEntry): unknown {
  const { parts, single } = parsePath(path);
  const found = find(parts, entry);
  return single ? found[0] : found;
}
