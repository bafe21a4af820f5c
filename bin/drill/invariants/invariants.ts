import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { PRACTICE_TAG } from "../../../lib/plan/practice.ts";
import type { RecordedCall, RunRecord } from "./record.ts";

/** One thing that must always hold (INVARIANTS): what was found against it; empty when it held. */
export interface Invariant {
  number: number;
  name: string;
  broken(record: RunRecord): string[];
}

const entered = (history: HistoryEvent[]) =>
  history.flatMap(({ stateEnteredEventDetails: state, timestamp }) =>
    state?.name === undefined ? [] : [{ name: state.name, at: timestamp?.getTime() ?? 0 }],
  );
const exitedAt = (history: HistoryEvent[], name: string) =>
  history.find(({ stateExitedEventDetails }) => stateExitedEventDetails?.name === name)?.timestamp?.getTime();
const order = (history: HistoryEvent[]) => entered(history).map(({ name }) => name);

/** Effects that change data or what points at it. */
const CHANGES = new Set(["fences", "switches", "overwrites"]);

/** History events an execution may have, and how far below a run stays. */
const MOST_EVENTS = 25_000;
/** SNS suspends an e-mail subscription above this in a second. */
const MAILS_A_SECOND = 10;
/** Milliseconds until somebody must have heard of a run. */
const FIRST_NOTICE = 5 * 60_000;

export const invariants: Invariant[] = [
  {
    number: 1,
    name: "one run at a time",
    broken: ({ executions }) => {
      const acting = executions.filter(({ acted }) => acted).toSorted((a, b) => a.from - b.from);
      return acting
        .slice(1)
        .flatMap((run, index) =>
          run.from < acting[index]!.to ? [`${run.name} began before ${acting[index]!.name} had ended`] : [],
        );
    },
  },
  {
    number: 4,
    name: "nothing is deleted",
    broken: ({ calls }) =>
      calls
        // A deployment that is stopped goes back to the version before, a query to nothing; all is kept.
        .filter(({ operation }) =>
          /^(Delete|Terminate|Purge|Stop(?!(Service)?Deployment$|Query$)|Remove)/.test(operation),
        )
        .filter((call) => !isPractised(call, calls))
        .map(({ service, operation, role }) => `${role.split("/").at(-1)} called ${service}:${operation}`),
  },
  {
    number: 5,
    name: "a backup before any change, and proved",
    broken: ({ history, steps }) => {
      const states = entered(history);
      const backups = Object.entries(steps).filter(([, { effect }]) => effect === "backs-up");
      return (
        Object.entries(steps)
          // What keeps the whole of what it changes is its own backup.
          .filter(([, { effect, keepsBefore }]) => CHANGES.has(effect) && !keepsBefore)
          .flatMap(([id]) => {
            const begun = states.find(({ name }) => name === `Apply ${id}`)?.at;
            if (begun === undefined) return [];
            const saved = backups.some(
              ([backup]) => (exitedAt(history, `${backup} is done`) ?? Infinity) <= begun,
            );
            return saved ? [] : [`${id} was applied before any backup was done`];
          })
      );
    },
  },
  {
    number: 6,
    name: "every change resolved before the first, every switch after a proof",
    broken: ({ history, steps }) => {
      const states = order(history);
      const first = states.findIndex((name) => name.startsWith("Apply "));
      const late = first < 0 ? [] : states.slice(first).filter((name) => name.startsWith("Preflight "));
      const unproved = Object.entries(steps)
        .filter(([, { effect }]) => effect === "switches")
        .flatMap(([id]) => {
          const at = states.indexOf(`Apply ${id}`);
          if (at < 0) return [];
          return states.slice(0, at).some((name) => name.startsWith("Check: "))
            ? []
            : [`${id} was switched before anything was checked`];
        });
      return [...late.map((name) => `${name} came after the first change`), ...unproved];
    },
  },
  {
    number: 8,
    name: "DNS is never empty",
    broken: ({ calls }) =>
      calls
        .filter(({ operation }) => operation === "ChangeResourceRecordSets")
        .flatMap(({ input }) => {
          const { ChangeBatch } = input as {
            ChangeBatch?: {
              Changes?: { Action?: string; ResourceRecordSet?: { Name?: string; Type?: string } }[];
            };
          };
          const changes = ChangeBatch?.Changes ?? [];
          const made = (action: string) =>
            changes
              .filter(({ Action }) => Action === action)
              .map(({ ResourceRecordSet: set }) => `${set?.Name} ${set?.Type}`.toLowerCase());
          return made("DELETE")
            .filter((set) => !made("CREATE").includes(set))
            .map((set) => `${set} was deleted and nothing put in its place`);
        }),
  },
  {
    number: 12,
    name: "far below the limits of Step Functions",
    broken: ({ history }) =>
      history.length < MOST_EVENTS / 5 ? [] : [`${history.length} history events of ${MOST_EVENTS}`],
  },
  {
    number: 16,
    name: "success was measured through the whole watch",
    broken: ({ status, history, watchRounds }) => {
      if (status !== "SUCCEEDED" || !order(history).includes("Watch")) return [];
      const rounds = history.filter(({ stateExitedEventDetails: state }) => state?.name === "Watch");
      const passed = rounds.filter(({ stateExitedEventDetails: state }) =>
        /passed/.test(state?.output ?? ""),
      );
      return [
        ...(rounds.length < watchRounds ? [`${rounds.length} of ${watchRounds} rounds were watched`] : []),
        ...(passed.length < rounds.length ? [`${rounds.length - passed.length} rounds did not pass`] : []),
        ...(order(history).includes("Verify") ? [] : ["nothing was verified"]),
      ];
    },
  },
  {
    number: 17,
    name: "somebody is told, and nobody is flooded",
    broken: ({ history, mails }) => {
      const begun = history[0]?.timestamp?.getTime() ?? 0;
      const ended = history.at(-1)?.timestamp?.getTime() ?? 0;
      const own = mails.filter(({ at }) => at >= begun);
      const acted = order(history).some((name) => name.startsWith("Apply "));
      const flooded = own.filter(
        (mail) =>
          own.filter(({ to, at }) => to === mail.to && at >= mail.at && at < mail.at + 1000).length >
          MAILS_A_SECOND,
      );
      return [
        ...(acted && !own.some(({ at }) => at - begun <= FIRST_NOTICE)
          ? ["no notice in the first five minutes"]
          : []),
        ...(acted && !own.some(({ at }) => at >= ended - FIRST_NOTICE) ? ["no notice of the end"] : []),
        ...new Set(flooded.map(({ to }) => `${to} got more than ${MAILS_A_SECOND} mails in a second`)),
      ];
    },
  },
  {
    number: 20,
    name: "no secret leaves",
    broken: ({ secrets, history, mails, logs }) => {
      const places: [string, string][] = [
        ["the history", JSON.stringify(history)],
        ["a mail", JSON.stringify(mails)],
        ["a log", logs.join("\n")],
      ];
      return places
        .filter(([, text]) => secrets.some((secret) => text.includes(secret)))
        .map(([place]) => `a secret's value stands in ${place}`);
    },
  },
];

/** Everything that did not hold, in words. */
export function violations(record: RunRecord): string[] {
  return invariants.flatMap((each) =>
    each.broken(record).map((what) => `invariant ${each.number}, ${each.name}: ${what}`),
  );
}

/** A deletion of what a practice had made itself just before: its copy, by name and by tag. */
function isPractised({ operation, input }: RecordedCall, calls: RecordedCall[]): boolean {
  if (operation !== "DeleteDBInstance" && operation !== "DeleteDBCluster") return false;
  type Named = {
    DBInstanceIdentifier?: string;
    TargetDBInstanceIdentifier?: string;
    DBClusterIdentifier?: string;
    Tags?: { Key?: string }[];
  };
  const { DBInstanceIdentifier, DBClusterIdentifier } = input as Named;
  return calls.some(({ operation: made, input: given }) => {
    const { Tags = [], ...named } = (given ?? {}) as Named;
    // A cluster's instance is created in it, not restored.
    const target =
      operation === "DeleteDBCluster"
        ? made === "RestoreDBClusterToPointInTime" && named.DBClusterIdentifier === DBClusterIdentifier
        : (made === "CreateDBInstance" &&
            named.DBClusterIdentifier !== undefined &&
            named.DBInstanceIdentifier === DBInstanceIdentifier) ||
          (made.startsWith("Restore") &&
            DBInstanceIdentifier !== undefined &&
            named.TargetDBInstanceIdentifier === DBInstanceIdentifier);
    return target && Tags.some(({ Key }) => Key === PRACTICE_TAG);
  });
}
