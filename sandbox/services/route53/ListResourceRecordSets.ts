import type {
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { onZone, zoneOf } from "./lookup.ts";
import { canonicalName, sortKey } from "./names.ts";
import type { RecordSet } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Largest page. */
const MOST_SETS = 300;

type Position = [name: string, type: string, identifier: string];

const positionOf = (set: RecordSet): Position => [sortKey(set.Name), set.Type, set.SetIdentifier ?? ""];

function compare(a: Position, b: Position): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value < b[at]! ? -1 : 1;
  return 0;
}

/** Lists a zone's record sets in the order of their reversed names, types and set identifiers. */
export const ListResourceRecordSets = operation<
  ListResourceRecordSetsCommandInput,
  Omit<ListResourceRecordSetsCommandOutput, "$metadata">
>({
  authorize: onZone("ListResourceRecordSets", (input: { HostedZoneId?: string }) => input.HostedZoneId),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.HostedZoneId);
    if (input.StartRecordType && !input.StartRecordName)
      throw new ServiceException(
        "InvalidInput",
        "Invalid request: StartRecordType specified without StartRecordName",
      );
    if (input.StartRecordIdentifier && !input.StartRecordType)
      throw new ServiceException(
        "InvalidInput",
        "Invalid request: StartRecordIdentifier specified without StartRecordName and StartRecordType",
      );
    const start: Position = [
      input.StartRecordName === undefined ? "" : sortKey(canonicalName(input.StartRecordName)),
      input.StartRecordType ?? "",
      input.StartRecordIdentifier ?? "",
    ];
    const sets = zone.records
      .map((set) => ({ set, at: positionOf(set) }))
      .filter(({ at }) => compare(at, start) >= 0)
      .sort((a, b) => compare(a.at, b.at))
      .map(({ set }) => set);
    const size = Math.min(Number(input.MaxItems ?? MOST_SETS), MOST_SETS);
    const next = sets[size];
    return {
      ResourceRecordSets: sets.slice(0, size),
      IsTruncated: next !== undefined,
      ...(next
        ? {
            NextRecordName: next.Name,
            NextRecordType: next.Type,
            ...(next.SetIdentifier === undefined ? {} : { NextRecordIdentifier: next.SetIdentifier }),
          }
        : {}),
      MaxItems: size,
    };
  },
});
