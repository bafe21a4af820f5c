import { randomUUID } from "node:crypto";
import type { RemovePermissionCommandInput, RemovePermissionCommandOutput } from "@aws-sdk/client-lambda";
import { operation, ServiceException } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { checkRevision, functionNamed, referenceOf } from "./lookup.ts";
import { policyOf } from "./policies.ts";

/** Takes one statement out of a function's policy. */
export const RemovePermission = operation<
  RemovePermissionCommandInput,
  Omit<RemovePermissionCommandOutput, "$metadata">
>({
  authorize: onFunction("RemovePermission"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    const policy = policyOf(of, qualifier);
    checkRevision(input.RevisionId, policy.revisionId);
    const at = policy.statements.findIndex((each) => each.Sid === input.StatementId);
    if (at < 0)
      throw new ServiceException(
        "ResourceNotFoundException",
        `Statement ${input.StatementId} is not found in resource policy.`,
        {
          status: 404,
          members: { Type: "User" },
        },
      );
    policy.statements.splice(at, 1);
    policy.revisionId = randomUUID();
    return {};
  },
});
