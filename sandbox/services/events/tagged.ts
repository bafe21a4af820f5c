import type { Tag } from "@aws-sdk/client-eventbridge";
import type { World } from "../../world.ts";
import { busNamed, ruleNamed } from "./state.ts";

/** Tags of the rule or bus behind an ARN; throws when there is none. */
export function tagsOf(world: World, arn = ""): Map<string, string> {
  const resource = arn.split(":").slice(5).join(":");
  if (resource.startsWith("event-bus/")) return busNamed(world, resource).tags;
  const parts = resource.replace(/^rule\//, "").split("/");
  const name = parts.pop();
  return ruleNamed(world, parts.join("/") || undefined, name).tags;
}

export const tagMap = (tags: Tag[] = []) => new Map(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
