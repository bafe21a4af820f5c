import { createHash } from "node:crypto";
import { parse } from "yaml";
import { ServiceException } from "../../service.ts";
import { notImplemented, stateOf, type World } from "../../world.ts";

/** One parameter that a document declares. */
interface DocumentParameter {
  type: "String" | "StringList" | "Boolean";
  description?: string;
  default?: unknown;
  allowedValues?: unknown[];
  allowedPattern?: string;
}

/** A command document of schema 2.2 with one step that runs shell commands. */
export interface CommandDocument {
  description: string | undefined;
  parameters: Record<string, DocumentParameter>;
  /** The step's name. */
  step: string;
  runCommand: string[];
  workingDirectory: string | undefined;
  timeoutSeconds: string | undefined;
}

export interface StoredDocument {
  name: string;
  content: string;
  format: "JSON" | "YAML";
  document: CommandDocument;
  targetType: string | undefined;
  createdAt: number;
  /** SHA-256 of the content. */
  hash: string;
}

/** Documents by name. Each has one version: an update makes a new document here. */
export const documents = stateOf(() => new Map<string, StoredDocument>());

/** Greatest size of a document's content. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html */
const LARGEST = 64 * 1024;

export const documentArn = (world: World, name = ""): string =>
  name.startsWith("arn:")
    ? name
    : world.arn("ssm", `document/${name}`, /^(AWS|Amazon)-/.test(name) ? { account: "" } : {});

/** The document by name or ARN, or InvalidDocument. */
export function documentNamed(world: World, given: string | undefined, version?: string): StoredDocument {
  const name = (given ?? "").replace(/^arn:.*:document\//, "");
  const found = documents(world).get(name);
  if (!found) throw new ServiceException("InvalidDocument", `Document with name ${name} does not exist.`);
  if (version !== undefined && !["$DEFAULT", "$LATEST", "1"].includes(version))
    throw new ServiceException(
      "InvalidDocumentVersion",
      `Document version ${version} does not exist in your account.`,
    );
  return found;
}

const invalidContent = (message: string) => new ServiceException("InvalidDocumentContent", message);

/** Reads a document's content; what the sandbox cannot run is refused here and not when it is needed. */
export function readContent(content: string, format: "JSON" | "YAML"): CommandDocument {
  if (Buffer.byteLength(content) > LARGEST)
    throw new ServiceException(
      "MaxDocumentSizeExceeded",
      "The content of the document must not exceed 64KB.",
    );
  let parsed: Record<string, unknown>;
  try {
    parsed = (format === "YAML" ? parse(content) : JSON.parse(content)) as Record<string, unknown>;
  } catch (error) {
    throw invalidContent(`The content is not valid ${format}: ${(error as Error).message}`);
  }
  if (parsed["schemaVersion"] !== "2.2")
    throw notImplemented("ssm", `CreateDocument with schemaVersion ${String(parsed["schemaVersion"])}`);
  const steps = parsed["mainSteps"];
  if (!Array.isArray(steps) || steps.length === 0) throw invalidContent("mainSteps is missing or empty");
  const [step] = steps as { action?: string; name?: string; inputs?: Record<string, unknown> }[];
  if (steps.length > 1 || step?.action !== "aws:runShellScript")
    throw notImplemented("ssm", "CreateDocument with anything but one step aws:runShellScript");
  const { runCommand, workingDirectory, timeoutSeconds, ...rest } = step.inputs ?? {};
  if (!step.name || !Array.isArray(runCommand))
    throw invalidContent("A step needs name and inputs.runCommand");
  if (Object.keys(rest).length > 0)
    throw invalidContent(`Unknown inputs of aws:runShellScript: ${Object.keys(rest).join(", ")}`);
  const parameters = (parsed["parameters"] ?? {}) as Record<string, DocumentParameter>;
  for (const [name, { type }] of Object.entries(parameters))
    if (!["String", "StringList", "Boolean"].includes(type))
      throw notImplemented("ssm", `CreateDocument with the parameter ${name} of type ${type}`);
  return {
    description: parsed["description"] as string | undefined,
    parameters,
    step: step.name,
    runCommand: runCommand.map(String),
    workingDirectory: workingDirectory as string | undefined,
    timeoutSeconds: timeoutSeconds === undefined ? undefined : String(timeoutSeconds),
  };
}

export const contentHash = (content: string) => createHash("sha256").update(content).digest("hex");
