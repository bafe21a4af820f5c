import { type Properties, resourceType } from "../resource.ts";

function request(properties: Properties): object {
  const routing = properties["RoutingConfig"] as
    | { AdditionalVersionWeights?: { FunctionVersion: string; FunctionWeight: unknown }[] }
    | undefined;
  const weights = (routing?.AdditionalVersionWeights ?? []).map((each) => [
    each.FunctionVersion,
    Number(each.FunctionWeight),
  ]);
  return {
    FunctionName: properties["FunctionName"],
    FunctionVersion: String(properties["FunctionVersion"]),
    Name: properties["Name"],
    Description: properties["Description"],
    RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(weights) as Record<string, number> },
  };
}

/** A name for a version, or for two with weights. */
export const lambdaAlias = resourceType({
  uses: ["FunctionName", "FunctionVersion", "Name", "Description", "RoutingConfig"],
  replacedBy: ["FunctionName", "Name"],
  create: async (properties, { call }) => {
    const { AliasArn } = await call<{ AliasArn: string }>("lambda", "CreateAlias", request(properties));
    return { physicalId: AliasArn, attributes: { AliasArn } };
  },
  update: async (properties, { call }, { made }) => {
    await call("lambda", "UpdateAlias", request(properties));
    return made;
  },
  delete: async (_, { call }, properties) => {
    await call("lambda", "DeleteAlias", {
      FunctionName: properties["FunctionName"],
      Name: properties["Name"],
    });
  },
});
