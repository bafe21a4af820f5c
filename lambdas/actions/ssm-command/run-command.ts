import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { clientSettings, once } from "../../runtime/clients.ts";
import type { Context } from "../../runtime/context.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";

export const ssm = once(() => new SSMClient(clientSettings));

/** What a command that has ended left on one host. */
export interface Ended {
  host: string;
  /** As AWS names it: `Success`, `Failed`, `ExecutionTimedOut`, `DeliveryTimedOut` … */
  status: string;
  code: number;
  output: string;
  /** Last lines of what it said as errors. */
  error: string;
}

/** Seconds after which a command that no agent has taken is dropped: SSM's least. */
const DELIVERY_SECONDS = 30;

/** How the stack's own copy of a vetted document is called. */
export function documentName(name: string): string {
  const found = (JSON.parse(process.env["DOCUMENTS"] ?? "{}") as Record<string, string>)[name];
  if (!found)
    throw new WatchdogError(
      "BadInput",
      `This function was deployed without the document ${name}. Nothing was done. Deploy the plan's stack again.`,
    );
  return found;
}

/** Hosts that cannot be reached are known before anything is changed. */
export async function refuseOffline(hosts: string[]): Promise<void> {
  const { InstanceInformationList = [] } = await ssm().send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: hosts }] }),
  );
  for (const host of hosts) {
    const found = InstanceInformationList.find(({ InstanceId }) => InstanceId === host);
    if (!found)
      throw refusal(
        `Systems Manager does not manage the host ${host}. Nothing was changed. Correct the plan, or look whether its agent runs and its instance profile lets it register.`,
      );
    if (found.PingStatus !== "Online")
      throw refusal(
        `The host ${host} is offline (${found.PingStatus ?? "no state"}, last heard of at ${found.LastPingDateTime?.toISOString() ?? "no time"}). ` +
          "Nothing was changed. Bring it back or take it out of the plan, then start the run again.",
      );
  }
}

/** Sends one document to one host; answers the command's id. A document or host that is gone is named. */
export async function send(
  document: string,
  host: string,
  parameters: Record<string, string>,
): Promise<string> {
  const { Command } = await ssm().send(
    new SendCommandCommand({
      DocumentName: documentName(document),
      InstanceIds: [host],
      TimeoutSeconds: DELIVERY_SECONDS,
      Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
    }),
  );
  return Command!.CommandId!;
}

const RUNNING = new Set(["Pending", "InProgress", "Delayed", "Cancelling"]);

/** The command's end on a host; undefined while it runs, and in the moment before AWS shows it. */
export async function ended(host: string, CommandId: string): Promise<Ended | undefined> {
  try {
    const found = await ssm().send(new GetCommandInvocationCommand({ CommandId, InstanceId: host }));
    if (RUNNING.has(found.Status ?? "Pending")) return undefined;
    return {
      host,
      status: found.StatusDetails ?? found.Status!,
      code: found.ResponseCode ?? -1,
      output: found.StandardOutputContent ?? "",
      error: (found.StandardErrorContent ?? "").trim().split("\n").slice(-5).join(" / ").slice(0, 1000),
    };
  } catch (error) {
    if ((error as Error).name === "InvocationDoesNotExist") return undefined;
    throw error;
  }
}

/** Milliseconds between two looks: soon at first, since most commands take a second or two. */
const LOOKS = [100, 200, 400, 700];
const EVERY = 1_000;

/** Waits for commands, up to so many milliseconds; answers those that have ended by then. */
export async function wait(
  commands: Record<string, string>,
  { sleep }: Pick<Context, "sleep">,
  longest: number,
): Promise<Ended[]> {
  const found: Ended[] = [];
  for (let look = 0, waited = 0; ; look += 1) {
    const left = Object.entries(commands).filter(([host]) => !found.some((each) => each.host === host));
    const now = await Promise.all(left.map(([host, id]) => ended(host, id)));
    found.push(...now.filter((each) => each !== undefined));
    const pause = LOOKS[look] ?? EVERY;
    if (found.length === Object.keys(commands).length || waited + pause > longest) return found;
    await sleep(pause);
    waited += pause;
  }
}
