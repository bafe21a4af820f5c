import { ServiceException } from "../service.ts";

/** The template cannot be deployed into the sandbox; nothing was created. `problems` are all of them. */
export class TemplateRefused extends Error {
  readonly problems: string[];
  constructor(stackName: string, problems: string[]) {
    super(
      `The stack ${stackName} cannot be deployed into the sandbox. Nothing was created.\n` +
        problems.map((each) => `  - ${each}`).join("\n"),
    );
    this.name = "TemplateRefused";
    this.problems = problems;
  }
}

/** One resource of a template could not be made; the resources before it stay as they are. */
export class ResourceFailed extends Error {
  readonly logicalId: string;
  readonly resourceType: string;
  constructor(
    verb: "created" | "updated" | "deleted",
    logicalId: string,
    type: string,
    properties: unknown,
    cause: unknown,
  ) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof ServiceException ? `${cause.code}: ` : "";
    super(
      `${logicalId} (${type}) could not be ${verb}: ${code}${message}${propertyNamed(properties, message)}\n` +
        "What was deployed before it was left as it is. Correct the template and deploy again.",
      { cause },
    );
    this.name = "ResourceFailed";
    this.logicalId = logicalId;
    this.resourceType = type;
  }
}

/** The property an AWS message speaks of: the one whose name or whose text it contains. */
function propertyNamed(properties: unknown, message: string): string {
  if (typeof properties !== "object" || properties === null) return "";
  const lower = message.toLowerCase();
  const entries = Object.entries(properties);
  const found =
    entries.find(([, value]) => typeof value === "string" && value.length > 3 && message.includes(value)) ??
    entries.find(([name]) => name.length > 3 && lower.includes(name.toLowerCase()));
  return found ? `\n  Property ${found[0]}: ${JSON.stringify(found[1])?.slice(0, 300)}` : "";
}

/** A part of a template that has no meaning, with the place it stands in. */
export class IntrinsicError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "IntrinsicError";
  }
}
