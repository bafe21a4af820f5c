import { ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import type { CommandDocument } from "./document.ts";

const invalid = (message: string) => new ServiceException("InvalidParameters", message);

/** The values a command runs with: those given, and defaults; InvalidParameters where they do not fit the document. */
export function parameterValues(
  { parameters }: CommandDocument,
  given: Record<string, string[]> = {},
): Record<string, string | string[]> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(parameters, name)) throw invalid(`Parameter ${name} is not defined in the document.`);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, declared]) => {
      const { type, default: preset, allowedValues, allowedPattern } = declared;
      const values = given[name] ?? (preset === undefined ? undefined : [preset].flat().map(String));
      if (!values) throw invalid(`Parameter ${name} is required and has no value.`);
      if (type !== "StringList" && values.length !== 1)
        throw invalid(`Parameter ${name} is of type ${type} and takes one value.`);
      for (const value of values) {
        if (allowedValues && !allowedValues.map(String).includes(value))
          throw invalid(`Parameter ${name} has a value that is not in allowedValues.`);
        if (allowedPattern && !new RegExp(allowedPattern).test(value))
          throw invalid(
            `Parameter ${name} has a value that does not match allowedPattern ${allowedPattern}.`,
          );
      }
      return [name, type === "StringList" ? values : values[0]!];
    }),
  );
}

const REFERENCE = /\{\{\s*([\w:.-]+)\s*\}\}/g;

/** Puts values into a text as the agent does: as they are, unquoted. A list becomes JSON. */
export function substituted(text: string, values: Record<string, string | string[]>): string {
  return text.replace(REFERENCE, (whole, name: string) => {
    if (/^(ssm|global|platform):/.test(name)) throw notImplemented("ssm", `SendCommand with {{${name}}}`);
    const value = values[name];
    // What is no parameter stays: a shell script may hold braces of its own.
    return value === undefined ? whole : Array.isArray(value) ? JSON.stringify(value) : value;
  });
}

/** The lines of a script. An element that is a list's reference and nothing else becomes the list's elements. */
export function scriptLines(
  { runCommand }: CommandDocument,
  values: Record<string, string | string[]>,
): string[] {
  return runCommand.flatMap((line) => {
    const [, name] = /^\{\{\s*([\w.-]+)\s*\}\}$/.exec(line) ?? [];
    const value = name === undefined ? undefined : values[name];
    return Array.isArray(value) ? value : [substituted(line, values)];
  });
}
