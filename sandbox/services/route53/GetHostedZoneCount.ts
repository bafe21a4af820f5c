import type {
  GetHostedZoneCountCommandInput,
  GetHostedZoneCountCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onAll } from "./lookup.ts";
import { route53State } from "./state.ts";

/** Counts zones. */
export const GetHostedZoneCount = operation<
  GetHostedZoneCountCommandInput,
  Omit<GetHostedZoneCountCommandOutput, "$metadata">
>({
  authorize: onAll("GetHostedZoneCount"),
  run: (_, { world }) => ({ HostedZoneCount: route53State(world).zones.size }),
});
