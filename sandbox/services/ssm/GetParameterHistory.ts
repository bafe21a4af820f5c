import type { GetParameterHistoryCommandInput, GetParameterHistoryResult } from "@aws-sdk/client-ssm";
import { operation } from "../../service.ts";
import { OWN_KEY, parameterArn, parameterNamed, selected, shown } from "./state.ts";

const PAGE = 50;

/** Every value that it had, oldest first. */
export const GetParameterHistory = operation<GetParameterHistoryCommandInput, GetParameterHistoryResult>({
  authorize: (input, { world }) => [
    { action: "ssm:GetParameterHistory", resources: [parameterArn(world, selected(input.Name).name)] },
  ],
  run: (input, { world }) => {
    const { name } = selected(input.Name);
    const parameter = parameterNamed(world, name);
    const from = Number(input.NextToken ?? 0);
    const to = from + (input.MaxResults ?? PAGE);
    return {
      Parameters: parameter.versions.slice(from, to).map((each) => ({
        Name: name,
        Type: parameter.type,
        Value: shown(parameter, each, input.WithDecryption),
        Version: each.version,
        LastModifiedDate: new Date(each.modifiedAt),
        ...(parameter.description === undefined ? {} : { Description: parameter.description }),
        ...(parameter.type === "SecureString" ? { KeyId: OWN_KEY } : {}),
        Labels: each.labels,
        Tier: each.tier,
        DataType: "text",
      })),
      ...(to < parameter.versions.length ? { NextToken: String(to) } : {}),
    };
  },
});
