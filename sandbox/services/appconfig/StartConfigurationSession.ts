import type {
  StartConfigurationSessionCommandInput,
  StartConfigurationSessionResponse,
} from "@aws-sdk/client-appconfigdata";
import { operation } from "../../service.ts";
import { randomId } from "../../world.ts";
import { configurationArn, named, openSession } from "./sessions.ts";

export const StartConfigurationSession = operation<
  StartConfigurationSessionCommandInput,
  StartConfigurationSessionResponse
>({
  authorize: (input, { world }) => [
    {
      action: "appconfig:StartConfigurationSession",
      resources: [configurationArn(world, named(world, input))],
    },
  ],
  run: (input, { world }) => ({
    InitialConfigurationToken: openSession(world, {
      ...named(world, input),
      place: Number.parseInt(randomId(8, "0123456789"), 10) / 1_000_000,
      minimumPollSeconds: input.RequiredMinimumPollIntervalInSeconds ?? 60,
      version: undefined,
    }),
  }),
});
