import { parse } from "yaml";
import { ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";

/** A phase and its commands, in CodeBuild's order. */
export interface Phase {
  name: "INSTALL" | "PRE_BUILD" | "BUILD" | "POST_BUILD";
  commands: string[];
  /** Run whatever came of the commands. */
  finally: string[];
}

const PHASES = ["install", "pre_build", "build", "post_build"] as const;

/** Reads a buildspec of version 0.2: variables and the commands of its phases; anything else is refused. */
export function readBuildspec(text: string): { variables: Record<string, string>; phases: Phase[] } {
  const spec = parse(text) as {
    version?: number | string;
    env?: { variables?: Record<string, string> };
    phases?: Record<string, { commands?: string[]; finally?: string[] }>;
  } | null;
  if (String(spec?.version) !== "0.2")
    throw new ServiceException("InvalidInputException", "The buildspec must be of version 0.2");
  const other = Object.keys(spec!).find((key) => !["version", "env", "phases"].includes(key));
  if (other) throw notImplemented("codebuild", `buildspecs with ${other}`);
  const unknown = Object.keys(spec!.env ?? {}).find((key) => key !== "variables");
  if (unknown) throw notImplemented("codebuild", `buildspecs with env/${unknown}`);
  return {
    variables: spec!.env?.variables ?? {},
    phases: PHASES.flatMap((name) => {
      const phase = spec!.phases?.[name];
      return phase
        ? {
            name: name.toUpperCase() as Phase["name"],
            commands: phase.commands ?? [],
            finally: phase.finally ?? [],
          }
        : [];
    }),
  };
}
