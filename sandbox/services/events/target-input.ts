import type { Target } from "@aws-sdk/client-eventbridge";
import { ServiceException } from "../../service.ts";
import { find, parsePath } from "../../states/jsonpath/path.ts";
import type { BusEntry } from "./bus-entry.ts";
import { fillTemplate } from "./input-template.ts";
import type { Rule } from "./state.ts";

/** What a target receives: the event, a constant, a part of the event, or a template filled from it. */
export function targetInput(target: Target, entry: BusEntry, rule: Rule, ingestedAt: string): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(at(target.InputPath, entry) ?? null);
  const { InputTransformer } = target;
  if (!InputTransformer) return JSON.stringify(entry);
  const { detail: _, "detail-type": detailType, ...rest } = entry;
  const predefined: Record<string, unknown> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": ingestedAt,
    "aws.events.event": { ...rest, detailType },
    "aws.events.event.json": entry,
  };
  const paths = InputTransformer.InputPathsMap ?? {};
  const filled = fillTemplate(InputTransformer.InputTemplate ?? "", (name) =>
    Object.hasOwn(paths, name) ? at(paths[name]!, entry) : predefined[name],
  );
  if (filled === undefined)
    throw new ServiceException("INVALID_JSON", "The input template gave no valid JSON for this event.");
  return filled;
}

function at(path: string, entry: BusEntry): unknown {
  const { parts, single } = parsePath(path);
  const found = find(parts, entry);
  return single ? found[0] : found;
}
