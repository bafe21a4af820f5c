import { Route53Client } from "@aws-sdk/client-route-53";
import {
  GetRoutingControlStateCommand,
  UpdateRoutingControlStatesCommand,
} from "@aws-sdk/client-route53-recovery-cluster";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import type { ProgressAnswer } from "../../runtime/protocol.ts";
import type { Verbs } from "../../runtime/serve-action.ts";
import { answered, isAnswer } from "./answer.ts";
import { onCluster } from "./cluster.ts";
import { sessionsLeft } from "./drained.ts";
import type { dnsFailover } from "./spec.ts";

type Input = z.output<typeof dnsFailover.input>;
type Before = Extract<z.output<typeof dnsFailover.before>, { controls: unknown }>;
type State = "On" | "Off";

/** What passes from one poll to the next. */
interface Progress {
  /** When DNS was first seen to answer right; from then on the old TTL has to pass. */
  answeredAt?: string;
}

const route53 = once(() => new Route53Client(clientSettings));

async function read({ via }: Input, arn: string): Promise<{ name: string; state: State }> {
  const { RoutingControlName = arn, RoutingControlState = "Off" } = await onCluster(
    via!.endpoints,
    (client) => client.send(new GetRoutingControlStateCommand({ RoutingControlArn: arn })),
  );
  return { name: RoutingControlName, state: RoutingControlState };
}

/** What the resolver that the application asks answers; Route 53's control plane is not asked. */
const dns = (input: Input) => answered(route53(), input, true);

/** Sets what differs, all of it at once; a control that the step leaves as it was must still be so. */
async function set(input: Input, { controls }: Before, side: "from" | "to"): Promise<ProgressAnswer> {
  const states = await Promise.all(controls.map(({ arn }) => read(input, arn)));
  const moved = controls.find(({ from, to }, index) => from === to && states[index]!.state !== from);
  if (moved)
    throw new WatchdogError(
      "ChangedSincePreflight",
      `The routing control ${moved.name} was ${moved.from} and is not any more. None was changed. Find out who changed it.`,
    );
  const differ = controls.filter((each, index) => states[index]!.state !== each[side]);
  const words = controls.map((each) => `${each.name} ${each[side]}`).join(", ");
  if (differ.length === 0) return { done: false, note: `${words} already` };
  try {
    await onCluster(input.via!.endpoints, (client) =>
      client.send(
        new UpdateRoutingControlStatesCommand({
          UpdateRoutingControlStateEntries: differ.map((each) => ({
            RoutingControlArn: each.arn,
            RoutingControlState: each[side],
          })),
        }),
      ),
    );
  } catch (error) {
    if ((error as Error).name !== "ConflictException") throw error;
    throw new WatchdogError(
      "WorkFailed",
      `A safety rule refuses ${words}: ${(error as Error).message} No routing control was changed. Change what the plan turns on and off, or let a person override the rule in ARC.`,
      { cause: error },
    );
  }
  return { done: false, note: words };
}

/** By the routing controls that the record's health checks follow. */
export const routingVerbs: Verbs<Input, Before> = {
  async preflight(input) {
    const { on, off } = input.via!;
    const wanted = [
      ...on.map((arn) => ({ arn, to: "On" as const })),
      ...off.map((arn) => ({ arn, to: "Off" as const })),
    ];
    const controls = await Promise.all(
      wanted.map(async ({ arn, to }) => {
        try {
          const { name, state } = await read(input, arn);
          return { arn, name, from: state, to };
        } catch (error) {
          if ((error as Error).name !== "ResourceNotFoundException") throw error;
          throw refusal(`There is no routing control ${arn}. Nothing was changed. Correct the plan.`);
        }
      }),
    );
    const answer = await dns(input);
    return {
      before: { controls, answer },
      after: { value: input.value },
      summary: `${input.record} ${input.type}: ${answer.join(", ") || "no answer"} → ${input.value}, by ${controls.map(({ name, from, to }) => `${name} ${from} → ${to}`).join(", ")}`,
      expects: { value: input.value },
    };
  },

  apply: (input, { before }) => set(input, before, "to"),
  revert: (input, { before }) => set(input, before, "from"),

  async poll(input, { before }, { phase, progress, now }) {
    const side = phase === "apply" ? "to" : "from";
    const states = await Promise.all(before.controls.map(({ arn }) => read(input, arn)));
    const other = before.controls.find((each, index) => states[index]!.state !== each[side]);
    if (other)
      throw new WatchdogError(
        "ChangedSincePreflight",
        `The routing control ${other.name} is not ${other[side]} any more: somebody else changed it. It was left alone.`,
      );
    const wanted = phase === "apply" ? [input.value] : before.answer;
    // An alias answers with its target's addresses: those are not compared.
    const found = input.alias ? undefined : await dns(input);
    if (found && !isAnswer(found, wanted))
      return {
        done: false,
        note: `${input.record}: DNS answers ${found.join(", ") || "nothing"}, not yet ${wanted.join(", ") || "nothing"}`,
      };
    const { answeredAt = new Date(now()).toISOString() } = (progress ?? {}) as Progress;
    const wait = Math.ceil((Date.parse(answeredAt) + input.via!.ttl * 1000 - now()) / 1000);
    const next: Progress = { answeredAt };
    if (wait > 0)
      return {
        done: false,
        note: `${input.record}: the routing controls are set, the old TTL runs out in ${wait} s`,
        progress: next,
      };
    const left = phase === "apply" && input.drained ? await sessionsLeft(input.drained) : undefined;
    if (left) return { done: false, note: left, progress: next };
    return {
      done: true,
      note: `${input.record} is ${phase === "apply" ? input.value : "as it was"} everywhere`,
      outputs: { value: input.value },
    };
  },
};
