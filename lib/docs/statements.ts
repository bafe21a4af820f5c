import type { Permission } from "../../lambdas/runtime/spec.ts";
import { code } from "./markdown.ts";

const list = (texts: string[]) => texts.map(code).join("<br>");

/** Conditions in words: one line for each key. */
export function conditionsText(conditions: Permission["conditions"] = {}): string {
  return Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${operator} ${code(key)}: ${list([value].flat())}`),
    )
    .join("<br>");
}

/** The cells of one statement: actions, resources, conditions. */
export const statementCells = ({ actions, resources, conditions }: Permission): string[] => [
  list(actions),
  list(resources),
  conditionsText(conditions),
];
