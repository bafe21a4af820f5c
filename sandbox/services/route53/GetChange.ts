import type { GetChangeCommandInput, GetChangeCommandOutput } from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { bareId } from "./names.ts";
import { changeAnswer, route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Answers whether a change has reached the name servers. */
export const GetChange = operation<GetChangeCommandInput, Omit<GetChangeCommandOutput, "$metadata">>({
  authorize: (input) => [
    { action: "route53:GetChange", resources: [`arn:aws:route53:::change/${bareId(input.Id)}`] },
  ],
  run: (input, { world }) => {
    throttle(world);
    const change = route53State(world).changes.get(bareId(input.Id));
    if (!change)
      throw new ServiceException("NoSuchChange", `Could not find resource with ID: ${bareId(input.Id)}`, {
        status: 404,
      });
    return { ChangeInfo: changeAnswer(world, change) };
  },
});
