import { createHash } from "node:crypto";
import { createServer } from "node:https";
import type { FunctionUrlAuthType, FunctionUrlConfig } from "@aws-sdk/client-lambda";
import { certificateFor } from "../../engines/ca.ts";
import { allocateHost, openedPort, releaseHost } from "../../engines/hosts.ts";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { functionNamed, referenceOf, revisionOf } from "./lookup.ts";
import type { FunctionUrl, LambdaFunction } from "./state.ts";
import { answerUrlRequest } from "./url-request.ts";

const HTTPS = 443;

/** `https://<url-id>.lambda-url.<region>.on.aws/`: 32 characters, the same whenever the URL is made again. */
function hostName(world: World, of: LambdaFunction, qualifier: string | undefined): string {
  const hex = createHash("sha256")
    .update(`${of.arn}:${qualifier ?? ""}`)
    .digest("hex");
  const id = BigInt(`0x${hex}`).toString(36).slice(0, 32).padEnd(32, "0");
  return `${id}.lambda-url.${world.region}.on.aws`;
}

/** Opens a real HTTPS listener under the URL's own name, which the sandbox's DNS answers. */
export async function openUrl(
  world: World,
  of: LambdaFunction,
  qualifier: string | undefined,
  given: Pick<FunctionUrl, "authType" | "cors">,
): Promise<FunctionUrl> {
  const name = hostName(world, of, qualifier);
  const { address } = await allocateHost(world, name, [HTTPS]);
  const { certPem, keyPem } = await certificateFor(world, [name]);
  const server = createServer(
    { cert: certPem, key: keyPem, keepAliveTimeout: 60_000 },
    (request, response) => {
      answerUrlRequest(world, { function: of.name, qualifier, domainName: name }, request, response).catch(
        (error: Error) => {
          world.log("lambda", `a request to ${name} could not be answered: ${error.stack ?? error.message}`);
          response.destroy();
        },
      );
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(openedPort(HTTPS), address, resolve);
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= new Promise<void>((resolve) => {
      releaseHost(world, name);
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  world.onStop(close);
  const now = world.clock.now();
  return { url: `https://${name}/`, ...given, createdAt: now, lastModified: now, close };
}

/** The function and alias whose URL an operation means; a published version has none. */
export function urlTarget(
  world: World,
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
): { of: LambdaFunction; qualifier: string | undefined; key: string } {
  const of = functionNamed(world, input.FunctionName);
  const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
  if (qualifier) revisionOf(of, qualifier);
  return { of, qualifier, key: qualifier ?? "$LATEST" };
}

export function urlNamed(of: LambdaFunction, key: string): FunctionUrl {
  const found = of.urls.get(key);
  if (!found)
    throw new ServiceException("ResourceNotFoundException", "The resource you requested does not exist.", {
      status: 404,
      members: { Type: "User" },
    });
  return found;
}

/** A URL as every operation answers it. */
export function urlAnswer(of: LambdaFunction, key: string, url: FunctionUrl) {
  return {
    FunctionUrl: url.url,
    FunctionArn: key === "$LATEST" ? of.arn : `${of.arn}:${key}`,
    AuthType: url.authType,
    ...(url.cors ? { Cors: url.cors } : {}),
    CreationTime: new Date(url.createdAt).toISOString(),
    LastModifiedTime: new Date(url.lastModified).toISOString(),
    InvokeMode: "BUFFERED",
  } satisfies FunctionUrlConfig;
}

/** What a URL of the sandbox can do; anything else fails loudly. */
export function checkUrl(given: {
  AuthType?: FunctionUrlAuthType | undefined;
  InvokeMode?: string | undefined;
  Cors?: object | undefined;
}): void {
  const missing =
    given.AuthType === "AWS_IAM"
      ? "AuthType AWS_IAM"
      : given.InvokeMode === "RESPONSE_STREAM"
        ? "InvokeMode RESPONSE_STREAM"
        : given.Cors && Object.keys(given.Cors).length > 0
          ? "Cors"
          : undefined;
  if (missing)
    throw new ServiceException(
      "NotImplementedBySandbox",
      `${missing} of a function URL is not implemented by the sandbox. Nothing was changed.`,
      { status: 501 },
    );
}
