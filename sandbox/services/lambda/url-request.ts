import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Authorization, operation, type Service, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { type Execution, execute } from "./execute.ts";
import { functionNamed, referenceOf } from "./lookup.ts";
import { resourcePolicy } from "./policies.ts";

/** Which function a URL calls. */
export interface UrlTarget {
  function: string;
  qualifier: string | undefined;
  domainName: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
/** Bodies of other types reach the function in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[\w.+-]+\+(json|xml))\b)/i;

/** What the gate in front of a public URL asks IAM: both permissions, of nobody in particular. */
const gate: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: {
    InvokeFunctionUrl: operation<{ arn: string }, undefined>({
      authorize: ({ arn }): Authorization[] => [
        {
          action: "lambda:InvokeFunctionUrl",
          resources: [arn],
          context: { "lambda:FunctionUrlAuthType": "NONE" },
        },
        {
          action: "lambda:InvokeFunction",
          resources: [arn],
          context: { "lambda:InvokedViaFunctionUrl": "true" },
        },
      ],
      run: () => undefined,
    }),
  },
  resourcePolicy: (world, arn) => {
    const [name, qualifier] = arn.split(":function:")[1]!.split(":");
    return resourcePolicy(world, referenceOf(name, qualifier));
  },
};

/** Answers one request to a function URL as Lambda does: gate, event in format 2.0, function, response. */
export async function answerUrlRequest(
  world: World,
  target: UrlTarget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  response.sendDate = false;
  response.setHeader("date", new Date(world.clock.now()).toUTCString());
  response.setHeader("x-amzn-requestid", requestId);
  const end = (status: number, body: string | Buffer, type = "application/json") => {
    response.statusCode = status;
    if (!response.hasHeader("content-type")) response.setHeader("content-type", type);
    response.setHeader("content-length", Buffer.byteLength(body));
    response.end(request.method === "HEAD" ? undefined : body);
  };
  const of = functionNamed(world, target.function);
  const arn = target.qualifier ? `${of.arn}:${target.qualifier}` : of.arn;
  try {
    await world.authorizer!(gate, "InvokeFunctionUrl", { arn }, anonymous(world, requestId));
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error;
    return end(
      403,
      JSON.stringify({
        Message:
          "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
      }),
    );
  }
  const body = await bodyOf(request);
  if (body === undefined) return end(413, JSON.stringify({ Message: "Request Too Long" }));
  let ran: Execution;
  try {
    const payload = JSON.stringify(eventOf(world, target, request, body, requestId));
    ran = await execute(world, of, { qualifier: target.qualifier, payload, requestId });
  } catch (error) {
    if (!(error instanceof ServiceException) || error.code !== "TooManyRequestsException") throw error;
    return end(
      429,
      JSON.stringify({
        Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
        Type: "User",
        message: "Rate Exceeded.",
      }),
    );
  }
  if (ran.error) return end(502, "Internal Server Error", "application/json");
  answer(ran.payload ?? "null", response, end);
}

const anonymous = (world: World, requestId: string) => ({
  world,
  principal: { type: "anonymous" as const },
  requestId,
  region: world.region,
  account: world.account,
});

/** undefined: longer than Lambda takes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > MAX_REQUEST_BYTES) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** A request in payload format 2.0 (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads). */
function eventOf(
  world: World,
  { domainName }: UrlTarget,
  request: IncomingMessage,
  body: Buffer,
  requestId: string,
): object {
  const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const { cookie, ...given } = request.headers;
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value].flat().join(",")])),
    host: domainName,
    "x-amzn-trace-id": `Root=1-${Math.floor(world.clock.now() / 1000).toString(16)}-${requestId.replaceAll("-", "").slice(0, 24)}`,
    "x-forwarded-for": request.socket.remoteAddress ?? "",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  };
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  const text = TEXT.test(headers["content-type"] ?? "");
  const domainPrefix = domainName.split(".")[0];
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookie ? { cookies: cookie.split(/;\s*/) } : {}),
    headers,
    ...(Object.keys(parameters).length > 0 ? { queryStringParameters: parameters } : {}),
    requestContext: {
      accountId: "anonymous",
      apiId: domainPrefix,
      domainName,
      domainPrefix,
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey: "$default",
      stage: "$default",
      time: logTime(world.clock.now()),
      timeEpoch: Math.floor(world.clock.now()),
    },
    ...(body.length > 0 ? { body: body.toString(text ? "utf8" : "base64") } : {}),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

/** A function's answer as a response; without `statusCode` the whole answer is a JSON body under 200. */
function answer(
  payload: string,
  response: ServerResponse,
  end: (status: number, body: string | Buffer, type?: string) => void,
): void {
  const parsed = JSON.parse(payload) as UrlResponse | string | null;
  if (typeof parsed !== "object" || parsed === null || parsed.statusCode === undefined)
    end(200, typeof parsed === "string" ? parsed : payload);
  else respond(parsed, response, end);
}

interface UrlResponse {
  statusCode?: number;
  headers?: Record<string, unknown>;
  body?: string;
  cookies?: string[];
  isBase64Encoded?: boolean;
}

function respond(
  parsed: UrlResponse,
  response: ServerResponse,
  end: (status: number, body: string | Buffer) => void,
): void {
  for (const [name, value] of Object.entries(parsed.headers ?? {})) response.setHeader(name, String(value));
  if (parsed.cookies && parsed.cookies.length > 0) response.setHeader("set-cookie", parsed.cookies);
  const body = parsed.body ?? "";
  end(parsed.statusCode ?? 200, parsed.isBase64Encoded ? Buffer.from(body, "base64") : body);
}
