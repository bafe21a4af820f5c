import type {
  UpdateHostedZoneCommentCommandInput,
  UpdateHostedZoneCommentCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onZone, zoneAnswer, zoneOf } from "./lookup.ts";
import { throttle } from "./throttle.ts";

/** Replaces a zone's comment. */
export const UpdateHostedZoneComment = operation<
  UpdateHostedZoneCommentCommandInput,
  Omit<UpdateHostedZoneCommentCommandOutput, "$metadata">
>({
  authorize: onZone("UpdateHostedZoneComment"),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.Id);
    zone.comment = input.Comment;
    return { HostedZone: zoneAnswer(zone) };
  },
});
