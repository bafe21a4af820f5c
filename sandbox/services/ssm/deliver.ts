import { runScript } from "../../engines/host/agent.ts";
import { managedHosts } from "../../engines/host/index.ts";
import type { World } from "../../world.ts";
import { type Invocation, isEnded, type SentCommand } from "./commands.ts";

/** Sandbox milliseconds: the agent asks for its commands about so often. */
const DELIVERY_MILLISECONDS = 1_000;

export interface Script {
  lines: string[];
  workingDirectory: string | undefined;
  /** Seconds the script may run. */
  timeoutSeconds: number;
}

/** Brings a command to one host: at once when its agent answers, when it comes back until the command expires. */
export function deliver(world: World, command: SentCommand, invocation: Invocation, script: Script): void {
  const attempt = () => {
    if (isEnded(invocation) || world.stopping) return;
    const host = managedHosts(world).get(invocation.instanceId);
    if (host?.online) {
      host.lastPingAt = world.clock.now();
      void run(world, command, invocation, script);
      return;
    }
    if (world.clock.now() >= command.expiresAt)
      return end(world, invocation, { status: "TimedOut", details: "DeliveryTimedOut" });
    Object.assign(invocation, { status: "Delayed", details: "Delayed" });
    world.clock.after(DELIVERY_MILLISECONDS * 10, attempt);
  };
  world.clock.after(DELIVERY_MILLISECONDS, attempt);
}

/** Ends an invocation; what came first stays. */
export function end(
  world: World,
  invocation: Invocation,
  given: Pick<Invocation, "status" | "details"> & Partial<Invocation>,
): void {
  if (!isEnded(invocation)) Object.assign(invocation, { endedAt: world.clock.now(), ...given });
}

async function run(
  world: World,
  command: SentCommand,
  invocation: Invocation,
  script: Script,
): Promise<void> {
  const host = managedHosts(world).get(invocation.instanceId)!;
  Object.assign(invocation, { status: "InProgress", details: "InProgress", startedAt: world.clock.now() });
  const { code, ended, stdout, stderr } = await runScript(world, host, {
    commandId: command.id,
    ...script,
    signal: invocation.cancel.signal,
  });
  const how =
    ended === "timed out"
      ? ({ status: "TimedOut", details: "ExecutionTimedOut" } as const)
      : ended === "cancelled"
        ? ({ status: "Cancelled", details: "Cancelled" } as const)
        : code === 0
          ? ({ status: "Success", details: "Success" } as const)
          : ({ status: "Failed", details: "Failed" } as const);
  end(world, invocation, { ...how, responseCode: code, stdout, stderr });
  world.log("ssm", `${command.documentName} on ${invocation.instanceId}: ${how.details}`, {
    command: command.id,
    code,
  });
}
