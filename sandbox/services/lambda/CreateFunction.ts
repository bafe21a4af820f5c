import type { CreateFunctionCommandInput, CreateFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { functionPool } from "../../engines/functions/index.ts";
import { operation, ServiceException } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { storeCode } from "./code.ts";
import { newRevision, settingsOf } from "./configure.ts";
import { referenceOf } from "./lookup.ts";
import { publish } from "./publish.ts";
import { type LambdaFunction, lambdaState } from "./state.ts";

const exists = (name: string) =>
  new ServiceException("ResourceConflictException", `Function already exist: ${name}`, {
    status: 409,
    members: { Type: "User" },
  });

/** Makes a function from a zip file or a deployed asset. */
export const CreateFunction = operation<
  CreateFunctionCommandInput,
  Omit<CreateFunctionCommandOutput, "$metadata">
>({
  authorize: onFunction("CreateFunction"),
  run: async (input, { world }) => {
    const name = referenceOf(input.FunctionName).name;
    const { functions } = lambdaState(world);
    if (functions.has(name)) throw exists(name);
    if (!input.Runtime || !input.Handler)
      throw new ServiceException(
        "InvalidParameterValueException",
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
      );
    const settings = settingsOf(world, name, input);
    const code = await storeCode(world, input.Code);
    if (functions.has(name)) throw exists(name);
    const latest = newRevision(world, name, {
      ...settings,
      codeFolder: code.folder,
      codeSha256: code.sha256,
      codeSize: code.size,
      ...(input.Architectures ? { architectures: input.Architectures } : {}),
    });
    const made: LambdaFunction = {
      name,
      arn: world.arn("lambda", `function:${name}`),
      latest,
      versions: new Map(),
      nextVersion: 1,
      aliases: new Map(),
      policies: new Map(),
      eventInvokeConfigs: new Map(),
      urls: new Map(),
      reservedConcurrency: undefined,
      running: 0,
      tags: { ...input.Tags },
    };
    functions.set(name, made);
    // The first invocation should not wait for a process to start.
    void functionPool(world)
      .warmUp()
      .catch((error: Error) => world.log("lambda", `no process could be started: ${error.message}`));
    if (input.Publish) return configurationOf(world, made, publish(world, made), "1");
    return configurationOf(world, made, latest);
  },
});
