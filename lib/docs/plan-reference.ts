import type { Registries } from "../plan/registries.ts";
import { Plan } from "../plan/schema.ts";
import { type Json, jsonOf, rowsOf, typeText } from "./fields.ts";
import { code, MADE, page, table } from "./markdown.ts";

/** One mapping of the plan: where it stands, and what it may hold. */
interface Section {
  /** `triggers[].metric`; empty for the plan itself. */
  path: string;
  json: Json;
}

const anchor = (path: string) => path.toLowerCase().replaceAll(/[^a-z0-9_-]/g, "");

/** The shape alone: the same mapping at two places is described once. */
const shapeOf = ({ properties, required }: Json) => JSON.stringify([properties, required]);

/** Every mapping with keys of its own, outer before inner, each shape once. */
function sectionsOf(json: Json, path: string, seen: Map<string, string>): Section[] {
  seen.set(shapeOf(json), path);
  const inner = Object.entries(json.properties ?? {}).flatMap(([key, field]) => {
    const [at, child] = field.items?.properties ? [`${key}[]`, field.items] : [key, field];
    if (!child.properties || seen.has(shapeOf(child))) return [];
    return sectionsOf(child, path === "" ? at : `${path}.${at}`, seen);
  });
  return [{ path, json }, ...inner];
}

/** docs/plan-reference.md: every key of a plan, from its schema. */
export function planReferencePage({ actions, checks }: Registries): string {
  const seen = new Map<string, string>();
  const sections = sectionsOf(jsonOf(Plan), "", seen);
  const kinds = (all: object) =>
    Object.keys(all)
      .toSorted()
      .map((kind) => `[${code(kind)}](actions.md#${kind})`)
      .join(", ");
  const type = (field: Json, key: string): string => {
    const child = field.items?.properties ? field.items : field;
    const path = child.properties && seen.get(shapeOf(child));
    const link = path ? `[${code(path)}](#${anchor(path)})` : "";
    if (path) return field.items ? `list of ${link}${field.minItems ? ", not empty" : ""}` : link;
    if (key === "action") return kinds(actions);
    if (key === "check") return kinds(checks);
    return typeText(field);
  };
  return page(
    MADE,
    "# Plan reference",
    "Every key that a plan may have; [plans.md](plans.md) says what the parts are for. A key that is not here is an error, " +
      "and `npx watchdog validate` names the nearest one that is.",
    ...sections.flatMap(({ path, json }) => [
      path === "" ? "## The plan" : `## ${code(path)}`,
      json.description ? `${json.description[0]!.toUpperCase()}${json.description.slice(1)}.` : "",
      table(["Key", "Type", "Default", "Meaning"], rowsOf(json, type)),
    ]),
  );
}
