import { join } from "node:path";
import { issueCredentials } from "../../front/credentials.ts";
import type { World } from "../../world.ts";
import { dnsServerOf } from "../dns.ts";
import { caFileOf, LAMBDA_CA_PATH } from "./authority.ts";
import type { StartMessage } from "./messages.ts";

/** One published version (or `$LATEST`) of a function, as far as running it needs. */
export interface RunnableFunction {
  /** Changes whenever code or configuration does; a warm process of another revision is not used. */
  revision: string;
  name: string;
  version: string;
  /** `nodejs24.x` */
  runtime: string;
  handler: string;
  /** Folder with the unpacked code. */
  folder: string;
  variables: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
  roleArn: string;
  logGroup: string;
  logFormat: "Text" | "JSON";
  /** Whether X-Ray samples it. */
  traced: boolean;
}

/**
 * The environment of a function's process, as Lambda sets it
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime).
 */
export async function startMessage(
  world: World,
  of: RunnableFunction,
  logStream: string,
): Promise<StartMessage> {
  const credentials = issueCredentials(world, { type: "role", roleArn: of.roleArn, sessionName: of.name });
  const trustSandboxCa = of.variables["NODE_EXTRA_CA_CERTS"] === LAMBDA_CA_PATH;
  const environment: Record<string, string> = {
    ...of.variables,
    ...(trustSandboxCa ? { NODE_EXTRA_CA_CERTS: await caFileOf(world) } : {}),
    _HANDLER: of.handler,
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${of.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: of.name,
    AWS_LAMBDA_FUNCTION_VERSION: of.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(of.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: of.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: of.logFormat,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
    AWS_ENDPOINT_URL: world.endpoint,
    LAMBDA_TASK_ROOT: of.folder,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    LANG: "en_US.UTF-8",
    PATH: process.env["PATH"] ?? "",
    TZ: of.variables["TZ"] ?? "UTC",
  };
  sayLimits(world, of);
  const dns = dnsServerOf(world);
  return {
    type: "start",
    environment,
    folder: of.folder,
    handler: of.handler,
    clock: { origin: world.clock.origin, speed: world.clock.speed },
    ...(dns ? { dns } : {}),
    trustSandboxCa,
    logFormat: of.logFormat,
  };
}

/** What differs from Lambda for this function, said once. */
function sayLimits(world: World, of: RunnableFunction): void {
  const major = process.versions.node.split(".")[0];
  if (of.runtime !== `nodejs${major}.x`)
    world.warnOnce(`Functions of ${of.runtime} run on Node.js ${process.versions.node} in the sandbox`);
  const options = (of.variables["NODE_OPTIONS"] ?? "")
    .split(/\s+/)
    .filter((each) => each && each !== "--enable-source-maps");
  if (options.length > 0)
    world.warnOnce(`NODE_OPTIONS ${options.join(" ")} of ${of.name} has no effect in the sandbox`);
}

/** Where compiled code of functions is kept, so that the second cold start of a bundle is quick. */
export function compileCacheOf(world: World): string {
  return join(world.root, "compile-cache");
}
