import { createHash } from "node:crypto";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** One value that a parameter had. */
export interface ParameterVersion {
  version: number;
  value: string;
  modifiedAt: number;
  tier: "Standard" | "Advanced";
  labels: string[];
}

export interface Parameter {
  name: string;
  type: "String" | "StringList" | "SecureString";
  description: string | undefined;
  /** Oldest first. */
  versions: ParameterVersion[];
}

/** The account's own key, which every caller in the account may use through Systems Manager. */
export const OWN_KEY = "alias/aws/ssm";

/** A value as the API gives it: a secure string is ciphertext unless the caller asks for more. */
export function shown(parameter: Parameter, { version, value }: ParameterVersion, decrypt = false): string {
  if (parameter.type !== "SecureString" || decrypt) return value;
  const hidden = createHash("sha512").update(`${parameter.name}:${version}:${value}`).digest("base64");
  return `AQICAH${hidden}`;
}

/** Parameters by name. */
export const parameters = stateOf(() => new Map<string, Parameter>());

/** Versions that are kept; the oldest goes first. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const MOST_VERSIONS = 100;

/** `/watchdog/shop/gate` → `…:parameter/watchdog/shop/gate`; a name without slashes gets the one before it. */
export const parameterArn = (world: World, name = ""): string =>
  name.startsWith("arn:") ? name : world.arn("ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`);

/** Its name, given as name or ARN, with or without `:version`. */
export function selected(given = ""): { name: string; version: number | undefined } {
  const arn = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(given)?.[1];
  const [name = "", version] = (arn ?? given).split(":");
  return { name, version: version === undefined ? undefined : Number(version) };
}

export function parameterNamed(world: World, name: string): Parameter {
  const found = parameters(world).get(name);
  // AWS gives no text with it.
  if (!found) throw new ServiceException("ParameterNotFound", "");
  return found;
}

/** Adds a version; answers with its number. The oldest makes room, unless somebody put a label on it. */
export function addVersion(
  world: World,
  parameter: Parameter,
  { value, tier }: Pick<ParameterVersion, "value" | "tier">,
): number {
  const [oldest] = parameter.versions;
  if (parameter.versions.length >= MOST_VERSIONS && oldest!.labels.length > 0)
    throw new ServiceException(
      "ParameterMaxVersionLimitExceeded",
      `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. Version ${oldest!.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  const version = (parameter.versions.at(-1)?.version ?? 0) + 1;
  parameter.versions.push({ version, value, modifiedAt: world.clock.now(), tier, labels: [] });
  if (parameter.versions.length > MOST_VERSIONS) parameter.versions.shift();
  return version;
}
