import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineClock } from "../../../../sandbox/clock.ts";
import { operation, type Service } from "../../../../sandbox/service.ts";
import { secretsmanager } from "../../../../sandbox/services/secretsmanager/index.ts";
import { World } from "../../../../sandbox/world.ts";

/** What a rotation function is asked. */
export interface RotationEvent {
  Step: string;
  SecretId: string;
  ClientRequestToken: string;
}

/** A world with Secrets Manager alone; `rotation` is the code of the one function there is. */
export async function secretsWorld(rotation: (event: RotationEvent) => Promise<void> | void = () => {}) {
  const root = mkdtempSync(join(tmpdir(), "watchdog-secrets-"));
  const world = new World({ root, clock: machineClock(100_000) });
  world.authorizer = () => undefined;
  const lambda: Service = {
    name: "lambda",
    client: () => import("@aws-sdk/client-lambda"),
    operations: {
      Invoke: operation<{ InvocationType?: string; Payload?: Uint8Array }, object>({
        authorize: () => [],
        run: async ({ InvocationType, Payload }) => {
          if (InvocationType === "DryRun") return { StatusCode: 204 };
          try {
            await rotation(JSON.parse(Buffer.from(Payload ?? []).toString()));
            return { StatusCode: 200 };
          } catch (error) {
            // Lambda answers 200 for a function that failed, with the error as its payload.
            const payload = JSON.stringify({ errorMessage: (error as Error).message });
            return { StatusCode: 200, FunctionError: "Unhandled", Payload: Buffer.from(payload) };
          }
        },
      }),
    },
  };
  for (const service of [lambda, secretsmanager]) await world.register(service);
  const call = <Output = { VersionId: string; ARN: string }>(name: string, input: object) =>
    world.call<Output>({
      service: "secretsmanager",
      operation: name,
      input: { ClientRequestToken: crypto.randomUUID(), ...input },
      principal: { type: "admin" },
    });
  return {
    world,
    call,
    /** The labels of each version that has one. */
    labels: async (SecretId: string) =>
      (await call<{ VersionIdsToStages?: Record<string, string[]> }>("DescribeSecret", { SecretId }))
        .VersionIdsToStages,
    value: async (SecretId: string, input: object = {}) =>
      (await call<{ SecretString?: string }>("GetSecretValue", { SecretId, ...input })).SecretString,
    stop: async () => {
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type SecretsWorld = Awaited<ReturnType<typeof secretsWorld>>;

/** What a refused call is expected to throw. */
export const refusal = (code: string, message: string) => ({ code, message });
