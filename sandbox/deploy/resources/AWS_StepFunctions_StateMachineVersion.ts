import { resourceType } from "../resource.ts";

/** A published version of a state machine; it never changes. */
export const stepFunctionsStateMachineVersion = resourceType({
  uses: ["StateMachineArn", "StateMachineRevisionId", "Description"],
  create: async (properties, { call }) => {
    const { stateMachineVersionArn } = await call<{ stateMachineVersionArn: string }>(
      "states",
      "PublishStateMachineVersion",
      {
        stateMachineArn: properties["StateMachineArn"],
        revisionId: properties["StateMachineRevisionId"],
        description: properties["Description"],
      },
    );
    return { physicalId: stateMachineVersionArn, attributes: { Arn: stateMachineVersionArn } };
  },
  delete: async ({ physicalId: stateMachineVersionArn }, { call }) => {
    await call("states", "DeleteStateMachineVersion", { stateMachineVersionArn });
  },
});
