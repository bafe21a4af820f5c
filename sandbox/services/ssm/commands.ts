import type { CommandInvocationStatus } from "@aws-sdk/client-ssm";
import { managedHosts } from "../../engines/host/index.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** A command on one host. */
export interface Invocation {
  instanceId: string;
  status: CommandInvocationStatus;
  /** As AWS names it in StatusDetails: `Success`, `DeliveryTimedOut`, `ExecutionTimedOut` … */
  details: string;
  /** -1 until the script has ended. */
  responseCode: number;
  /** Sandbox time, epoch milliseconds. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  stdout: string;
  stderr: string;
  cancel: AbortController;
}

export interface SentCommand {
  id: string;
  documentName: string;
  documentVersion: string;
  /** Name of the document's step, which is its plugin's name. */
  step: string;
  comment: string;
  parameters: Record<string, string[]>;
  timeoutSeconds: number;
  requestedAt: number;
  /** When a host that never answered is given up. */
  expiresAt: number;
  invocations: Map<string, Invocation>;
}

/** Commands by id. */
export const sentCommands = stateOf(() => new Map<string, SentCommand>());

/** Sandbox milliseconds until a command that was sent can be read: AWS answers InvocationDoesNotExist before. */
const VISIBLE_AFTER = 500;

export const TERMINAL: CommandInvocationStatus[] = ["Success", "Cancelled", "TimedOut", "Failed"];
export const isEnded = ({ status }: Invocation) => TERMINAL.includes(status);

/** A command by its id, or InvalidCommandId. */
export function commandNamed(world: World, id: string | undefined): SentCommand {
  const found = sentCommands(world).get(id ?? "");
  if (!found) throw new ServiceException("InvalidCommandId", "");
  return found;
}

/** A command on one host, or InvocationDoesNotExist, which is also the answer in the first moment. */
export function invocationOf(world: World, command: SentCommand, instanceId: string | undefined): Invocation {
  const found = command.invocations.get(instanceId ?? "");
  if (!found || world.clock.now() < command.requestedAt + VISIBLE_AFTER)
    throw new ServiceException("InvocationDoesNotExist", "");
  return found;
}

/** `i-…` is an EC2 instance, `mi-…` a managed node elsewhere. */
export const instanceArn = (world: World, id: string): string =>
  id.startsWith("mi-") ? world.arn("ssm", `managed-instance/${id}`) : world.arn("ec2", `instance/${id}`);

/** What became of the whole command. */
export function overallStatus(invocations: Invocation[]): { Status: string; StatusDetails: string } {
  const pick = (status: string, details = status) => ({ Status: status, StatusDetails: details });
  const running = invocations.find((each) => !isEnded(each));
  if (running)
    return invocations.every(({ status }) => status === "Pending" || status === "Delayed")
      ? pick("Pending")
      : pick("InProgress");
  const worst = (["Failed", "TimedOut", "Cancelled"] as const)
    .map((status) => invocations.find((each) => each.status === status))
    .find((each) => each !== undefined);
  return worst ? pick(worst.status, worst.details) : pick("Success");
}

/** The hosts asked for, or InvalidInstanceId for those that Systems Manager does not manage. */
export function knownHosts(world: World, ids: string[]): string[] {
  const unknown = ids.filter((id) => !managedHosts(world).has(id));
  if (unknown.length > 0)
    throw new ServiceException(
      "InvalidInstanceId",
      `Instances [[${unknown.join(", ")}]] not in a valid state for account ${world.account}`,
    );
  return ids;
}
