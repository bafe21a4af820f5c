import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ReplyLost } from "../faults.ts";
import { type Principal, type Service, ServiceException } from "../service.ts";
import type { World } from "../world.ts";
import { notImplemented } from "../world.ts";
import { dechunk } from "./aws-chunked.ts";
import { encodeError } from "./codec/errors.ts";
import { decode } from "./codec/index.ts";
import { modelIfAny } from "./codec/model.ts";
import type { WireRequest, WireResponse } from "./codec/wire.ts";
import { credentialsOf } from "./credentials.ts";
import { inflated } from "./gzip.ts";
import { presignedExpired, type Signature, signatureHolds, signatureOf } from "./sigv4.ts";

/** Requests that need no signature, by action: what a link in a mail or a queue's producer calls. */
const UNSIGNED_ACTIONS: Record<string, string> = { ConfirmSubscription: "sns", Unsubscribe: "sns" };

/**
 * Opens the one HTTP endpoint of the account (`AWS_ENDPOINT_URL`): every service, chosen by the SigV4 credential
 * scope, in whichever protocol the client speaks.
 */
export async function openFrontDoor(
  world: World,
  options: { port?: number | undefined } = {},
): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, frontListener(world));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Answers requests to AWS, for the front door and for services with endpoints of their own. `before` sees each request
 * once its signature holds, and may throw what the endpoint answers instead.
 */
export function frontListener(world: World, { before }: { before?: () => void } = {}): RequestListener {
  return (message, response) => {
    // Clients correct their clocks by this header; the sandbox has one clock.
    response.sendDate = false;
    response.setHeader("date", new Date(world.clock.now()).toUTCString());
    serve(world, message, before)
      .then((answer) => (answer ? send(response, message.method, answer) : response.destroy()))
      .catch((error: unknown) => {
        // An answer that HTTP cannot carry (a status or header out of range) ends up here too.
        world.log("front", `a request could not be answered: ${String(error)}`);
        if (response.headersSent) return response.destroy();
        const body = Buffer.from(`The sandbox failed: ${String(error)}`);
        return send(response, message.method, { status: 500, headers: {}, body });
      });
  };
}

function send(
  response: ServerResponse,
  method: string | undefined,
  { status, headers, body }: WireResponse,
): void {
  // Neither carries a body, whatever the operation had to say.
  if (status === 204 || status === 304) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const head = method === "HEAD";
  response.writeHead(status, {
    ...headers,
    "content-length": (head ? headers["content-length"] : undefined) ?? body.length,
  });
  response.end(head ? undefined : body);
}

const unsigned = () =>
  new ServiceException("MissingAuthenticationToken", "Request is missing Authentication Token", {
    status: 403,
  });

/** undefined: the answer is lost on its way. */
async function serve(
  world: World,
  message: IncomingMessage,
  before?: () => void,
): Promise<WireResponse | undefined> {
  const url = message.url ?? "/";
  const at = url.indexOf("?");
  const rawPath = at < 0 ? url : url.slice(0, at);
  let request: WireRequest = {
    method: message.method ?? "GET",
    path: rawPath,
    query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)),
    headers: message.headers as Record<string, string>,
    body: await readBody(message),
  };
  if (rawPath === "/_sandbox/health")
    return { status: 200, headers: { "content-type": "text/plain" }, body: Buffer.from("OK") };
  const requestId = randomUUID();
  const signature = signatureOf(request);
  const action = request.query.get("Action") ?? "";
  const serviceName = signature?.service ?? UNSIGNED_ACTIONS[action];
  const service = serviceName ? world.services.get(serviceName) : undefined;
  try {
    if (!serviceName) throw unsigned();
    // What needs no signature is the sandbox's own doing: links in its mails.
    const principal: Principal = signature
      ? authenticate(world, request, rawPath, signature)
      : { type: "admin" };
    if (!service) throw notImplemented(serviceName, action || (request.headers["x-amz-target"] ?? rawPath));
    before?.();
    request = dechunk(request);
    if (serviceName === "s3") pathStyle(request);
    else request = inflated(request);
    const decoded = await decode(service, request);
    if (!signature && UNSIGNED_ACTIONS[decoded.operation] !== serviceName) throw unsigned();
    const output = await world.call({
      service: service.name,
      operation: decoded.operation,
      input: decoded.input,
      principal,
      region: signature?.region,
      requestId,
    });
    const answer = decoded.encode(output, requestId);
    answer.headers[service.name === "s3" ? "x-amz-request-id" : "x-amzn-requestid"] = requestId;
    return answer;
  } catch (error) {
    if (error instanceof ReplyLost) return undefined;
    return encodeError(service, request, await asException(world, service, error), requestId);
  }
}

/** Who signed; throws what AWS says to a key, token or signature that is not right. */
function authenticate(world: World, request: WireRequest, rawPath: string, signature: Signature): Principal {
  const known = credentialsOf(world, signature.accessKeyId);
  const token =
    request.headers["x-amz-security-token"] ?? request.query.get("X-Amz-Security-Token") ?? undefined;
  const refuse = (code: string, message: string) => new ServiceException(code, message, { status: 403 });
  if (!known || known.sessionToken !== token)
    throw refuse(
      signature.service === "s3" ? "InvalidAccessKeyId" : "InvalidClientTokenId",
      "The security token included in the request is invalid.",
    );
  if (!signatureHolds(request, rawPath, signature, known.secretAccessKey))
    throw refuse(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  if (known.expiresAt !== undefined && world.clock.now() > known.expiresAt)
    throw refuse("ExpiredToken", "The security token included in the request is expired");
  if (signature.presigned && presignedExpired(request, world.clock))
    throw refuse("AccessDenied", "Request has expired");
  return known.principal;
}

/** An operation's own failure is a fault of the sandbox: said as such, with the reason in its log. */
async function asException(
  world: World,
  service: Service | undefined,
  error: unknown,
): Promise<ServiceException> {
  if (error instanceof ServiceException) return error;
  world.log("front", `${service?.name ?? "?"}: ${error instanceof Error ? error.stack : String(error)}`);
  const model = await modelIfAny(service);
  const code = model?.errors.has("InternalServiceError") ? "InternalServiceError" : "InternalFailure";
  return new ServiceException(
    code,
    `The sandbox failed: ${error instanceof Error ? error.message : String(error)}`,
    { status: 500 },
  );
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** `bucket.s3.…` and `bucket.localhost` hosts → `/bucket/key`, the one form the codec's routes have. */
function pathStyle(request: WireRequest): void {
  const host = (request.headers["host"] ?? "").replace(/:\d+$/, "");
  const bucket = /^(.+?)\.(?:s3[.-].*|localhost|127\.0\.0\.1)$/.exec(host)?.[1];
  if (bucket && !/^\d+(\.\d+)*$/.test(bucket)) request.path = `/${bucket}${request.path}`;
}
