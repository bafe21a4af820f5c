import type { PutParameterCommandInput, PutParameterResult } from "@aws-sdk/client-ssm";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { addVersion, OWN_KEY, type Parameter, parameterArn, parameters } from "./state.ts";

/** Characters that a value of the standard tier may have. */
const LARGEST_STANDARD = 4096;

/** The tier of the new version: never below the present one's. */
function tierOf({ Tier, Value = "" }: PutParameterCommandInput, now: "Standard" | "Advanced" | undefined) {
  if (Tier === "Standard" && now === "Advanced")
    throw new ServiceException(
      "ValidationException",
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  const tier = Tier === "Advanced" || now === "Advanced" ? "Advanced" : "Standard";
  if (tier === "Standard" && Value.length > LARGEST_STANDARD)
    throw new ServiceException(
      "ValidationException",
      "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.",
    );
  return tier;
}

/** A new parameter, or with Overwrite a new version of one. Secure strings have the account's own key here. */
export const PutParameter = operation<PutParameterCommandInput, PutParameterResult>({
  authorize: (input, { world }) => [
    {
      action: "ssm:PutParameter",
      resources: [parameterArn(world, input.Name)],
      context: { "ssm:Overwrite": String(input.Overwrite ?? false) },
    },
  ],
  run: (input, { world }) => {
    const { Name = "", Value = "", Type, KeyId = OWN_KEY } = input;
    if (KeyId !== OWN_KEY || input.Tier === "Intelligent-Tiering" || input.Policies)
      throw notImplemented("ssm", "PutParameter with a key, intelligent tiering or policies");
    if (!/^\/?[\w.-]+(\/[\w.-]+){0,14}$/.test(Name))
      throw new ServiceException(
        "ValidationException",
        'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
      );
    const all = parameters(world);
    const existing = all.get(Name);
    if (existing && !input.Overwrite)
      throw new ServiceException(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    if (!existing && !Type)
      throw new ServiceException(
        "ValidationException",
        "A parameter type is required when you create a parameter.",
      );
    if (existing && Type && Type !== existing.type)
      throw new ServiceException(
        "HierarchyTypeMismatchException",
        `The parameter ${Name} has the type ${existing.type}, which cannot be changed to ${Type}.`,
      );
    if (existing && input.Tags)
      throw new ServiceException(
        "ValidationException",
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    if (input.AllowedPattern && !new RegExp(input.AllowedPattern).test(Value))
      throw new ServiceException(
        "ParameterPatternMismatchException",
        `Parameter value, cannot be validated against allowedPattern: ${input.AllowedPattern}`,
      );
    const tier = tierOf(input, existing?.versions.at(-1)?.tier);
    const parameter: Parameter = existing ?? {
      name: Name,
      type: Type as Parameter["type"],
      description: undefined,
      versions: [],
    };
    if (input.Description !== undefined) parameter.description = input.Description;
    all.set(Name, parameter);
    return { Version: addVersion(world, parameter, { value: Value, tier }), Tier: tier };
  },
});
