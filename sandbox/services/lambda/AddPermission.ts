import { randomUUID } from "node:crypto";
import type { AddPermissionCommandInput, AddPermissionCommandOutput } from "@aws-sdk/client-lambda";
import { operation, ServiceException } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { checkRevision, functionNamed, referenceOf, revisionOf } from "./lookup.ts";
import { openPolicy } from "./policies.ts";
import type { PolicyStatement } from "./state.ts";

function principalOf(given: string): PolicyStatement["Principal"] {
  if (given === "*") return "*";
  if (/^\d{12}$/.test(given)) return { AWS: `arn:aws:iam::${given}:root` };
  if (given.startsWith("arn:")) return { AWS: given };
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(given)) return { Service: given };
  throw new ServiceException(
    "InvalidParameterValueException",
    "The provided principal was invalid. Please check the principal and try again.",
  );
}

/** Lets a service or an account use a function: one statement of its policy. */
export const AddPermission = operation<
  AddPermissionCommandInput,
  Omit<AddPermissionCommandOutput, "$metadata">
>({
  authorize: onFunction("AddPermission"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    if (qualifier) revisionOf(of, qualifier);
    const policy = openPolicy(of, qualifier);
    checkRevision(input.RevisionId, policy.revisionId);
    const { StatementId = "", Principal = "" } = input;
    if (policy.statements.some((each) => each.Sid === StatementId))
      throw new ServiceException(
        "ResourceConflictException",
        `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        { status: 409, members: { Type: "User" } },
      );
    const conditions: Record<string, Record<string, string>> = {
      ...(input.SourceAccount || input.PrincipalOrgID || input.FunctionUrlAuthType
        ? {
            StringEquals: {
              ...(input.SourceAccount ? { "AWS:SourceAccount": input.SourceAccount } : {}),
              ...(input.PrincipalOrgID ? { "aws:PrincipalOrgID": input.PrincipalOrgID } : {}),
              ...(input.FunctionUrlAuthType
                ? { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }
                : {}),
            },
          }
        : {}),
      // New URLs need lambda:InvokeFunction too, for calls through the URL alone.
      // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
      ...(input.InvokedViaFunctionUrl === undefined
        ? {}
        : { Bool: { "lambda:InvokedViaFunctionUrl": String(input.InvokedViaFunctionUrl) } }),
      ...(input.SourceArn ? { ArnLike: { "AWS:SourceArn": input.SourceArn } } : {}),
    };
    const statement: PolicyStatement = {
      Sid: StatementId,
      Effect: "Allow",
      Principal: principalOf(Principal),
      Action: input.Action ?? "",
      Resource: qualifier ? `${of.arn}:${qualifier}` : of.arn,
      ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
    };
    policy.statements.push(statement);
    policy.revisionId = randomUUID();
    return { Statement: JSON.stringify(statement) };
  },
});
