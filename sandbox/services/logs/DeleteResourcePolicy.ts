import type { DeleteResourcePolicyCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { logsState, setPolicy } from "./state.ts";

/** Takes a resource policy away. */
export const DeleteResourcePolicy = operation<DeleteResourcePolicyCommandInput, object>({
  authorize: () => [{ action: "logs:DeleteResourcePolicy", resources: ["*"] }],
  run: (input, { world }) => {
    const name = input.policyName ?? "";
    if (!logsState(world).policies.has(name))
      throw new ServiceException("ResourceNotFoundException", `Policy with name [${name}] does not exist.`);
    setPolicy(world, name, undefined);
    return {};
  },
});
