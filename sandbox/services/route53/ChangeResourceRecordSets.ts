import type {
  ChangeResourceRecordSetsCommandInput,
  ChangeResourceRecordSetsCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { applyBatch } from "./changes.ts";
import { noSuchHealthCheck } from "./health.ts";
import { zoneOf } from "./lookup.ts";
import { bareId, canonicalName } from "./names.ts";
import { changeAnswer, publishRecords, route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

const unique = (values: string[]) => [...new Set(values)];

/** Applies a batch of changes, all or nothing; the name servers follow when it is INSYNC. */
export const ChangeResourceRecordSets = operation<
  ChangeResourceRecordSetsCommandInput,
  Omit<ChangeResourceRecordSetsCommandOutput, "$metadata">
>({
  authorize: (input) => {
    const changes = input.ChangeBatch?.Changes ?? [];
    const sets = changes.map((each) => each.ResourceRecordSet);
    return [
      {
        action: "route53:ChangeResourceRecordSets",
        resources: [`arn:aws:route53:::hostedzone/${bareId(input.HostedZoneId)}`],
        context: {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": unique(
            sets.map((set) => canonicalName(set?.Name ?? "").slice(0, -1)),
          ),
          "route53:ChangeResourceRecordSetsRecordTypes": unique(sets.map((set) => set?.Type ?? "")),
          "route53:ChangeResourceRecordSetsActions": unique(changes.map((each) => each.Action ?? "")),
        },
      },
    ];
  },
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.HostedZoneId);
    const { zones, healthChecks } = route53State(world);
    const changes = input.ChangeBatch?.Changes ?? [];
    const records = applyBatch({ zoneNamed: (id) => zones.get(id) }, zone, changes);
    for (const { ResourceRecordSet: set } of changes)
      if (set?.HealthCheckId && !healthChecks.has(set.HealthCheckId))
        throw noSuchHealthCheck(set.HealthCheckId);
    const change = publishRecords(world, zone, records, input.ChangeBatch?.Comment);
    return { ChangeInfo: changeAnswer(world, change) };
  },
});
