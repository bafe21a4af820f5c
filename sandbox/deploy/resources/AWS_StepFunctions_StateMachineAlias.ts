import { type Properties, resourceType } from "../resource.ts";

function routing(properties: Properties): object[] {
  const preference = properties["DeploymentPreference"] as { StateMachineVersionArn?: string } | undefined;
  if (preference?.StateMachineVersionArn)
    return [{ stateMachineVersionArn: preference.StateMachineVersionArn, weight: 100 }];
  const given = (properties["RoutingConfiguration"] ?? []) as {
    StateMachineVersionArn: string;
    Weight: unknown;
  }[];
  return given.map((each) => ({
    stateMachineVersionArn: each.StateMachineVersionArn,
    weight: Number(each.Weight),
  }));
}

/** A name for one or two versions of a state machine. A gradual deployment is done at once here. */
export const stepFunctionsStateMachineAlias = resourceType({
  uses: ["Name", "Description", "RoutingConfiguration", "DeploymentPreference"],
  replacedBy: ["Name"],
  create: async (properties, context) => {
    const { stateMachineAliasArn } = await context.call<{ stateMachineAliasArn: string }>(
      "states",
      "CreateStateMachineAlias",
      {
        name: properties["Name"] ?? context.physicalName(80),
        description: properties["Description"],
        routingConfiguration: routing(properties),
      },
    );
    return { physicalId: stateMachineAliasArn, attributes: { Arn: stateMachineAliasArn } };
  },
  update: async (properties, { call }, { made }) => {
    await call("states", "UpdateStateMachineAlias", {
      stateMachineAliasArn: made.physicalId,
      description: properties["Description"],
      routingConfiguration: routing(properties),
    });
    return made;
  },
  delete: async ({ physicalId: stateMachineAliasArn }, { call }) => {
    await call("states", "DeleteStateMachineAlias", { stateMachineAliasArn });
  },
});
