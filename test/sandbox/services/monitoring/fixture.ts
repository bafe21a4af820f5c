import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineClock } from "../../../../sandbox/clock.ts";
import { operation, type Service } from "../../../../sandbox/service.ts";
import { type BusEvent, World } from "../../../../sandbox/world.ts";

/** A call that reached a recording service. */
export interface Recorded {
  operation: string;
  input: Record<string, unknown>;
  principal: object;
}

/** A service whose operations only keep what they were called with, or fail as they are told to. */
export function recording(name: string, operations: string[], fail?: (input: unknown) => Error | undefined) {
  const calls: Recorded[] = [];
  const service: Service = {
    name,
    client: () => Promise.resolve({}),
    operations: Object.fromEntries(
      operations.map((each) => [
        each,
        operation<Record<string, unknown>, object>({
          authorize: () => [],
          run: (input, { principal }) => {
            calls.push({ operation: each, input, principal });
            const error = fail?.(input);
            if (error) throw error;
            return {};
          },
        }),
      ]),
    ),
  };
  return { service, calls };
}

/** A world with these services, IAM off, and its events kept. */
export async function openPlainWorld(services: Service[], speed = 60) {
  const root = mkdtempSync(join(tmpdir(), "watchdog-services-"));
  const world = new World({ root, clock: machineClock(speed) });
  world.authorizer = () => undefined;
  world.endpoint = "http://127.0.0.1:4566";
  const events: BusEvent[] = [];
  world.onEvent((event) => events.push(event));
  for (const service of services) await world.register(service);
  return {
    world,
    events,
    call: <Output>(service: string, name: string, input: object) =>
      world.call<Output>({ service, operation: name, input, principal: { type: "admin" } }),
    close: async () => {
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
