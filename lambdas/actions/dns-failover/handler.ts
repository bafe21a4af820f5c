import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import type { ProgressAnswer } from "../../runtime/protocol.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { answered, isAnswer } from "./answer.ts";
import { sessionsLeft } from "./drained.ts";
import { mustBeOurs, nextSet, sameSet, whatStays } from "./record-set.ts";
import { routingVerbs } from "./routing.ts";
import { dnsFailover } from "./spec.ts";

const route53 = once(() => new Route53Client(clientSettings));

type Input = z.output<typeof dnsFailover.input>;
type Either = z.output<typeof dnsFailover.before>;
type Before = Extract<Either, { set: unknown }>;

/** What passes from one poll to the next. */
interface Progress {
  changeId?: string;
  /** When INSYNC was seen; from then on the old TTL has to pass. */
  inSyncAt?: string;
}

async function find({ zone, record, type, setIdentifier }: Input): Promise<ResourceRecordSet | undefined> {
  const name = `${record.replace(/\.$/, "").toLowerCase()}.`;
  const { ResourceRecordSets = [] } = await route53().send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zone,
      StartRecordName: name,
      StartRecordType: type,
      ...(setIdentifier ? { StartRecordIdentifier: setIdentifier } : {}),
      MaxItems: 10,
    }),
  );
  return ResourceRecordSets.find(
    (set) => set.Name?.toLowerCase() === name && set.Type === type && set.SetIdentifier === setIdentifier,
  );
}

/** One batch that removes exactly what is there and puts the other in its place; a mismatch is refused by Route 53. */
async function replace(
  input: Input,
  from: ResourceRecordSet,
  to: ResourceRecordSet,
  comment: string,
): Promise<ProgressAnswer> {
  const current = await find(input);
  if (current && sameSet(current, to))
    return { done: false, note: `${input.record} is ${input.value} already`, progress: {} };
  if (!current || !sameSet(current, from))
    throw new WatchdogError(
      "ChangedSincePreflight",
      `${input.record} ${input.type} in ${input.zone} is not what this run found: ${JSON.stringify(current ?? null)}. It was left alone. Find out who changed it.`,
    );
  let ChangeInfo: { Id?: string | undefined } | undefined;
  try {
    ({ ChangeInfo } = await route53().send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: input.zone,
        ChangeBatch: {
          Comment: comment,
          Changes: [
            { Action: "DELETE", ResourceRecordSet: current },
            { Action: "CREATE", ResourceRecordSet: to },
          ],
        },
      }),
    ));
  } catch (error) {
    // The SDK called again after a lost reply: the first call's change is there, only its id is not known.
    const now = await find(input);
    if (!now || !sameSet(now, to)) throw error;
    return { done: false, note: `${input.record}: the change was taken`, progress: {} };
  }
  const changeId = ChangeInfo!.Id!.replace("/change/", "");
  return {
    done: false,
    note: `${input.record}: Route 53 took change ${changeId}`,
    progress: { changeId } satisfies Progress,
  };
}

/** By a change of the record itself. */
const recordVerbs: Verbs<Input, Before> = {
  async preflight(input) {
    const set = await find(input);
    if (!set)
      throw refusal(
        `${input.zone} has no record ${input.record} ${input.type}${input.setIdentifier ? ` (${input.setIdentifier})` : ""}. Nothing was changed. Correct the plan.`,
      );
    mustBeOurs(set, input);
    const next = nextSet(set, input);
    const { HostedZone } = await route53().send(new GetHostedZoneCommand({ Id: input.zone }));
    const text = (given: ResourceRecordSet) =>
      given.AliasTarget?.DNSName ?? given.ResourceRecords?.map(({ Value }) => Value).join(", ");
    return {
      before: {
        set: set as unknown as Record<string, unknown>,
        next: next as unknown as Record<string, unknown>,
        private: HostedZone?.Config?.PrivateZone ?? false,
        ttl: set.TTL ?? 60,
      },
      after: { value: input.value },
      summary: `${input.record} ${input.type}: ${text(set)} → ${text(next)} (TTL ${set.TTL ?? 60} s)`,
      evidence: whatStays(set),
      expects: { value: input.value },
    };
  },

  apply(input, { before }, { run }) {
    return replace(
      input,
      before.set as unknown as ResourceRecordSet,
      before.next as unknown as ResourceRecordSet,
      `rollback-watchdog ${run.id}`,
    );
  },

  async revert(input, { before }, { run }) {
    const current = await find(input);
    if (current && sameSet(current, before.set as unknown as ResourceRecordSet))
      return { done: true, note: `${input.record} is as it was` };
    return replace(
      input,
      before.next as unknown as ResourceRecordSet,
      before.set as unknown as ResourceRecordSet,
      `rollback-watchdog ${run.id} reverted`,
    );
  },

  async poll(input, { before }, { phase, progress, now }) {
    const wanted = (phase === "apply" ? before.next : before.set) as unknown as ResourceRecordSet;
    const { changeId, inSyncAt } = (progress ?? {}) as Progress;
    const current = await find(input);
    if (!current || !sameSet(current, wanted))
      throw new WatchdogError(
        "ChangedSincePreflight",
        `${input.record} was changed by somebody else while Route 53 took the change. It was left alone.`,
      );
    if (changeId && inSyncAt === undefined) {
      const { ChangeInfo } = await route53().send(new GetChangeCommand({ Id: changeId }));
      if (ChangeInfo?.Status !== "INSYNC")
        return {
          done: false,
          note: `${input.record}: change ${changeId} is ${ChangeInfo?.Status}`,
          progress: { changeId } satisfies Progress,
        };
    }
    const since = inSyncAt ?? new Date(now()).toISOString();
    const wait = Math.ceil((Date.parse(since) + before.ttl * 1000 - now()) / 1000);
    const next: Progress = { ...(changeId ? { changeId } : {}), inSyncAt: since };
    if (wait > 0)
      return {
        done: false,
        note: `${input.record}: INSYNC, the old TTL runs out in ${wait} s`,
        progress: next,
      };
    // An alias answers with its target's addresses, a weighted record with any of its siblings: those are not compared.
    const values = wanted.ResourceRecords?.flatMap(({ Value }) => Value ?? []);
    if (values && !wanted.SetIdentifier) {
      const found = await answered(route53(), input, before.private);
      if (!isAnswer(found, values))
        return {
          done: false,
          note: `${input.record}: DNS answers ${found.join(", ") || "nothing"}, not yet ${values.join(", ")}`,
          progress: next,
        };
    }
    const left = phase === "apply" && input.drained ? await sessionsLeft(input.drained) : undefined;
    if (left) return { done: false, note: left, progress: next };
    return {
      done: true,
      note: `${input.record} is ${phase === "apply" ? input.value : "as it was"} everywhere`,
      outputs: { value: input.value, ...(changeId ? { changeId } : {}) },
    };
  },
};

/** Control plane or data plane: as the plan says. A \`before\` of the other kind is not this step's. */
function pathOf({ via }: Input, before?: Either): Verbs<Input, Either> {
  if (before && "set" in before === Boolean(via))
    throw new WatchdogError(
      "ChangedSincePreflight",
      "The plan's way to move the record changed since this run's preflight. Nothing was done. Start the run again.",
    );
  return (via ? routingVerbs : recordVerbs) as unknown as Verbs<Input, Either>;
}

export const verbs: Verbs<Input, Either> = {
  preflight: (input, context) => pathOf(input).preflight(input, context),
  apply: (input, change, context) => {
    const wanted = change.after["value"];
    if (input.value !== wanted)
      throw new WatchdogError(
        "ChangedSincePreflight",
        `${input.record} was to become ${String(wanted)}, and now ${input.value} is asked for. The record was left as it is. Start the run again.`,
      );
    return pathOf(input, change.before).apply(input, change, context);
  },
  poll: (input, change, context) => pathOf(input, change.before).poll(input, change, context),
  revert: (input, change, context) => pathOf(input, change.before).revert(input, change, context),
};

export const handler = serveAction(dnsFailover, verbs);
