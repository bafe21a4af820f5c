import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionError } from "../messages.ts";

export type Handler = (event: unknown, context: object) => unknown;

/** A failure while the function's code is loaded, named as Lambda names it. */
export class InitError extends Error {
  readonly report: FunctionError;
  constructor(report: FunctionError) {
    super(report.errorMessage);
    this.report = report;
  }
}

/** Loads `index.handler` from `folder`, looking for the module as Lambda does: .js, .mjs, .cjs. */
export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf(".");
  const [path, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = [".js", ".mjs", ".cjs"]
    .map((end) => join(folder, path + end))
    .find((each) => existsSync(each));
  if (!file)
    throw new InitError({
      errorType: "Runtime.ImportModuleError",
      errorMessage: `Error: Cannot find module '${path}'`,
      trace: [`Runtime.ImportModuleError: Error: Cannot find module '${path}'`],
    });
  const loaded = await load(folder, file);
  const found = loaded[name] ?? (loaded["default"] as Record<string, unknown> | undefined)?.[name];
  if (found === undefined)
    throw new InitError({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: `${handler} is undefined or not exported`,
      trace: [`Runtime.HandlerNotFound: ${handler} is undefined or not exported`],
    });
  if (typeof found !== "function")
    throw new InitError({
      errorType: "Runtime.HandlerNotFunction",
      errorMessage: `${handler} is not a function`,
      trace: [`Runtime.HandlerNotFunction: ${handler} is not a function`],
    });
  return found as Handler;
}

async function load(folder: string, file: string): Promise<Record<string, unknown>> {
  const isModule = file.endsWith(".mjs") || (file.endsWith(".js") && packageType(folder) === "module");
  try {
    if (isModule) return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    return createRequire(file)(file) as Record<string, unknown>;
  } catch (error) {
    throw new InitError(initReport(error));
  }
}

function packageType(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { type?: string }).type;
}

function initReport(error: unknown): FunctionError {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const report = errorReport(error);
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND")
    return {
      ...report,
      errorType: "Runtime.ImportModuleError",
      errorMessage: `Error: ${report.errorMessage}`,
    };
  if (error instanceof SyntaxError)
    return {
      ...report,
      errorType: "Runtime.UserCodeSyntaxError",
      errorMessage: `SyntaxError: ${report.errorMessage}`,
    };
  return report;
}

/** `{errorType, errorMessage, trace}` of anything thrown; what is no Error keeps its text. */
export function errorReport(error: unknown): FunctionError {
  if (error instanceof Error || (typeof error === "object" && error !== null && "message" in error)) {
    const { name, message, stack } = error as Error;
    return {
      errorType: name ?? "Error",
      errorMessage: String(message),
      trace: (stack ?? "").split("\n").filter((line) => line !== ""),
    };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
