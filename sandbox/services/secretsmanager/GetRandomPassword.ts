import { randomInt } from "node:crypto";
import type {
  GetRandomPasswordCommandInput,
  GetRandomPasswordCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { randomId } from "../../world.ts";

/** A random password. */
export const GetRandomPassword = operation<
  GetRandomPasswordCommandInput,
  Omit<GetRandomPasswordCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "secretsmanager:GetRandomPassword", resources: ["*"] }],
  run: (input) => {
    const length = Number(input.PasswordLength ?? 32);
    const groups = [
      input.ExcludeLowercase ? "" : "abcdefghijklmnopqrstuvwxyz",
      input.ExcludeUppercase ? "" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      input.ExcludeNumbers ? "" : "0123456789",
      input.ExcludePunctuation ? "" : "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
      input.IncludeSpace ? " " : "",
    ]
      .map((group) => [...group].filter((each) => !input.ExcludeCharacters?.includes(each)).join(""))
      .filter((group) => group !== "");
    if (groups.length === 0)
      throw new ServiceException(
        "InvalidParameterException",
        "No characters are left to make a password of.",
      );
    const each = input.RequireEachIncludedType === false ? [] : groups.map((group) => randomId(1, group));
    return {
      RandomPassword: [...each, ...randomId(Math.max(0, length - each.length), groups.join(""))]
        .toSorted(() => randomInt(3) - 1)
        .join(""),
    };
  },
});
