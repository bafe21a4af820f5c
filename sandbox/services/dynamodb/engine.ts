import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import dynalite from "dynalite";
import { fromTree, jsonStyle, toTree } from "../../front/codec/json.ts";
import { modelOf } from "../../front/codec/model.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";
import { client } from "./client.ts";

/**
 * DynamoDB's data is dynalite's (https://github.com/architect/dynalite), in memory. Its HTTP server never listens:
 * requests are handed to its request handler, so its own validation and error texts apply.
 *
 * Calls run one after another, so that a transaction sees and leaves nothing half done.
 */
interface Engine {
  server: Server;
  last: Promise<unknown>;
}

const engineOf = stateOf((world): Engine => {
  // dynalite takes these from the environment, and reads them once when it creates its store.
  const before = { account: process.env["AWS_ACCOUNT_ID"], region: process.env["AWS_REGION"] };
  process.env["AWS_ACCOUNT_ID"] = world.account;
  process.env["AWS_REGION"] = world.region;
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  restore("AWS_ACCOUNT_ID", before.account);
  restore("AWS_REGION", before.region);
  return { server, last: Promise.resolve() };
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Does work on the tables while nothing else does. */
export function exclusively<Result>(world: World, work: () => Promise<Result>): Promise<Result> {
  const engine = engineOf(world);
  const result = engine.last.then(work, work);
  engine.last = result.catch(() => undefined);
  return result;
}

/**
 * One operation of dynalite's, with the SDK's shapes for input and output. Throws {@link ServiceException} with
 * DynamoDB's own code and text. Only inside {@link exclusively}.
 */
export async function ask<Output>(world: World, operation: string, input: object): Promise<Output> {
  const model = (await modelOf({ client })).operations.get(operation);
  if (!model) throw new Error(`The DynamoDB client has no operation ${operation}`);
  const answer = await post(engineOf(world).server, operation, toTree(model.input, input, jsonStyle, false));
  const { __type: type, message, Message, ...members } = answer.body as Record<string, unknown>;
  if (answer.status !== 200) {
    const code = String(type).split("#").at(-1) ?? "InternalServerError";
    throw new ServiceException(code, String(message ?? Message ?? ""), { status: answer.status, members });
  }
  return inSandboxTime(world, fromTree(model.output, answer.body, jsonStyle, false)) as Output;
}

function post(server: Server, operation: string, input: unknown): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), {
      method: "POST",
      url: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        // The front door has checked the caller; dynalite only looks that a signature is there.
        authorization:
          "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=a",
        "x-amz-date": "20260101T000000Z",
      },
    });
    const response = {
      statusCode: 200,
      contentType: "",
      setHeader: () => undefined,
      end: (body: string) => resolve({ status: response.statusCode, body: JSON.parse(body) }),
    };
    server.emit("request", request, response);
    request.emit("data", Buffer.from(JSON.stringify(input)));
    request.emit("end");
  });
}

/** dynalite stamps tables with the machine's clock; callers live in sandbox time. */
function inSandboxTime(world: World, value: unknown): unknown {
  if (value instanceof Date) return new Date(world.clock.fromMachine(value.getTime()));
  if (Array.isArray(value)) return value.map((each) => inSandboxTime(world, each));
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inSandboxTime(world, each)]));
}
