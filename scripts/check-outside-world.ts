import { parseSync, Visitor } from "oxc-parser";
import { conclude, type Finding, lineOf, projectFiles, read, type Source } from "./sources.ts";

/**
 * Time and chance come from the clock and the id source of the context (STYLE rule 9). These files are that source,
 * or measure how long the machine takes; everything else in `sandbox/`, `lambdas/` and `lib/` asks them.
 */
const SOURCES: { file: RegExp; why: string }[] = [
  { file: /^sandbox\/clock\.ts$/, why: "the sandbox's clock itself" },
  { file: /^lambdas\/runtime\/context\.ts$/, why: "the functions' clock itself" },
  {
    file: /^sandbox\/engines\/functions\/bootstrap\/clock\.ts$/,
    why: "puts the sandbox's clock into a function's process",
  },
  { file: /^sandbox\/engines\/postgres\//, why: "waits for a real process on the machine's clock" },
  {
    file: /^sandbox\/states\/(visit|jsonata|jsonpath\/intrinsics)\.ts$/,
    why: "$random(), States.MathRandom and jitter are chance by definition",
  },
  { file: /^sandbox\/services\/events\/deliver\.ts$/, why: "EventBridge's own back-off has jitter" },
];

const CHECKED = /^(sandbox|lambdas|lib)\/.*\.ts$/;

/** Calls that read the time or chance of the machine, outside the files that may. */
export function outsideWorldFindings(sources: Source[]): Finding[] {
  return sources
    .filter(({ path }) => CHECKED.test(path) && !SOURCES.some(({ file }) => file.test(path)))
    .flatMap(({ path, text }) =>
      callsOf({ path, text }).map(({ what, offset }) => ({
        path,
        line: lineOf(text, offset),
        text: `${what}: take the time from the clock, and chance from the world or the context`,
      })),
    );
}

function callsOf({ path, text }: Source): { what: string; offset: number }[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]!.message}`);
  const found: { what: string; offset: number }[] = [];
  new Visitor({
    MemberExpression({ object, property, start }) {
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      if (["Date.now", "Math.random"].includes(`${object.name}.${property.name}`))
        found.push({ what: `${object.name}.${property.name}`, offset: start });
    },
    NewExpression({ callee, arguments: given, start }) {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0)
        found.push({ what: "new Date()", offset: start });
    },
    CallExpression({ callee, start }) {
      if (callee.type === "Identifier" && ["setTimeout", "setInterval", "Date"].includes(callee.name))
        found.push({ what: `${callee.name}()`, offset: start });
    },
    ImportDeclaration({ source, start }) {
      if (["node:timers", "node:timers/promises", "timers/promises"].includes(source.value))
        found.push({ what: source.value, offset: start });
    },
  }).visit(program);
  return found;
}

if (import.meta.main) {
  const sources = read(projectFiles().filter((path) => CHECKED.test(path)));
  conclude("Time and chance", outsideWorldFindings(sources), sources.length);
}
