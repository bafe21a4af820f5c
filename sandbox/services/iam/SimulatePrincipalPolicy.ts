import type {
  EvaluationResult,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { contextOf } from "../../front/iam/context.ts";
import { identityVerdict } from "../../front/iam/evaluate.ts";
import { operation, type Principal, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { roleAt } from "./state.ts";

/** What a role's own policies and boundary would allow; resource policies are not asked. */
export const SimulatePrincipalPolicy = operation<SimulatePrincipalPolicyCommandInput, SimulatePolicyResponse>(
  {
    authorize: (input) => [
      { action: "iam:SimulatePrincipalPolicy", resources: [input.PolicySourceArn ?? "*"] },
    ],
    run: (input, call) => {
      const roleArn = input.PolicySourceArn ?? "";
      if (!roleAt(call.world, roleArn))
        throw new ServiceException("NoSuchEntityException", `The role ${roleArn} cannot be found.`);
      if (input.ResourcePolicy || input.PolicyInputList?.length)
        throw notImplemented("iam", "SimulatePrincipalPolicy with further policies");
      const principal: Principal = { type: "role", roleArn, sessionName: "simulation" };
      const given = Object.fromEntries(
        (input.ContextEntries ?? []).map(({ ContextKeyName = "", ContextKeyValues = [] }) => [
          ContextKeyName,
          ContextKeyValues,
        ]),
      );
      const EvaluationResults = (input.ActionNames ?? []).flatMap((action) =>
        (input.ResourceArns?.length ? input.ResourceArns : ["*"]).map((resource): EvaluationResult => {
          const context = contextOf(
            { action, resources: [resource], context: given },
            { ...call, principal },
          );
          const { decision } = identityVerdict(call.world, roleArn, action, resource, context);
          return {
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: decision,
            MatchedStatements: [],
          };
        }),
      );
      return { EvaluationResults, IsTruncated: false };
    },
  },
);
