import type { World } from "../../world.ts";
import { DEFAULT_BUS, type Rule, ruleNamed } from "./state.ts";

/** The rule behind `…:rule/<name>` or `…:rule/<bus>/<name>`. */
export function taggedRule(world: World, arn: string | undefined): Rule {
  const [bus, name] = (arn?.split("rule/")[1] ?? "").split("/") as [string, string?];
  return name === undefined ? ruleNamed(world, DEFAULT_BUS, bus) : ruleNamed(world, bus, name);
}
