import type { ListHealthChecksCommandInput, ListHealthChecksCommandOutput } from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onAll, pageOf } from "./lookup.ts";
import { route53State } from "./state.ts";

/** Lists health checks. */
export const ListHealthChecks = operation<
  ListHealthChecksCommandInput,
  Omit<ListHealthChecksCommandOutput, "$metadata">
>({
  authorize: onAll("ListHealthChecks"),
  run: (input, { world }) => {
    const { items, size, next } = pageOf(
      [...route53State(world).healthChecks.values()],
      (each) => each.Id!,
      input.Marker,
      input.MaxItems,
    );
    return {
      HealthChecks: items,
      Marker: input.Marker,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextMarker: next }),
      MaxItems: size,
    };
  },
});
