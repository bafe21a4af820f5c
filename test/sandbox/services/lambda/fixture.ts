import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, machineClock } from "../../../../sandbox/clock.ts";
import { startDns } from "../../../../sandbox/engines/dns.ts";
import { installIam } from "../../../../sandbox/front/iam/index.ts";
import { openFrontDoor } from "../../../../sandbox/front/server.ts";
import type { Principal } from "../../../../sandbox/service.ts";
import { iam } from "../../../../sandbox/services/iam/index.ts";
import { putAsset } from "../../../../sandbox/services/lambda/code.ts";
import { lambda } from "../../../../sandbox/services/lambda/index.ts";
import { logs } from "../../../../sandbox/services/logs/index.ts";
import { sqs } from "../../../../sandbox/services/sqs/index.ts";
import { sts } from "../../../../sandbox/services/sts/index.ts";
import { World } from "../../../../sandbox/world.ts";

export const admin = { type: "admin" } as const;

/** A world with Lambda and what it leans on. */
export async function lambdaWorld(clock: Clock = machineClock(60)) {
  const root = mkdtempSync(join(tmpdir(), "watchdog-lambda-"));
  const world = new World({ root, clock });
  const door = await openFrontDoor(world);
  world.endpoint = door.endpoint;
  world.onStop(() => door.close());
  await startDns(world);
  installIam(world);
  for (const service of [iam, sts, logs, sqs, lambda]) await world.register(service);
  const call = <Output = Record<string, unknown>>(
    service: string,
    operation: string,
    input: object,
    principal: Principal = admin,
  ) => world.call<Output>({ service, operation, input, principal });
  await call("iam", "CreateRole", {
    RoleName: "runner",
    AssumeRolePolicyDocument: JSON.stringify({
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    }),
  });
  await call("iam", "AttachRolePolicy", {
    RoleName: "runner",
    PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
  });
  let assets = 0;
  /** Makes a function of one source file and waits until it is Active. */
  const create = async (
    name: string,
    source: string,
    more: Record<string, unknown> = {},
    file = "index.mjs",
  ) => {
    const folder = join(root, "sources", String(++assets));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), source);
    putAsset(world, "assets", `${assets}.zip`, folder);
    await call("lambda", "CreateFunction", {
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${world.account}:role/runner`,
      Code: { S3Bucket: "assets", S3Key: `${assets}.zip` },
      Timeout: 30,
      ...more,
    });
    await active(name);
  };
  const active = async (name: string) => {
    for (;;) {
      const { State, LastUpdateStatus } = await call<{ State: string; LastUpdateStatus: string }>(
        "lambda",
        "GetFunctionConfiguration",
        { FunctionName: name },
      );
      if (State === "Active" && LastUpdateStatus === "Successful") return;
      await world.clock.sleep(200);
    }
  };
  const invoke = async (name: string, event: unknown = {}, more: Record<string, unknown> = {}) => {
    const answer = await call<{
      FunctionError?: string;
      Payload?: Uint8Array;
      StatusCode: number;
      LogResult?: string;
      ExecutedVersion?: string;
    }>("lambda", "Invoke", { FunctionName: name, Payload: Buffer.from(JSON.stringify(event)), ...more });
    const text = Buffer.from(answer.Payload ?? []).toString();
    return { ...answer, payload: (text === "" ? undefined : JSON.parse(text)) as unknown };
  };
  return {
    world,
    call,
    create,
    active,
    invoke,
    stop: async () => {
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type LambdaWorld = Awaited<ReturnType<typeof lambdaWorld>>;

/** Waits until `look` gives something other than undefined. */
export async function until<Value>(
  look: () => Promise<Value | undefined> | Value | undefined,
  milliseconds = 15_000,
): Promise<Value> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error("The condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
