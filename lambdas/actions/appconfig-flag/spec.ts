import * as z from "zod";
import { occupiedEnvironment, placeInput, placePermissions } from "../../runtime/appconfig-place.ts";
import { defineAction } from "../../runtime/spec.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Key = z.string().regex(/^[a-z][a-zA-Z\d_-]{0,63}$/, "a key of a feature flag or attribute");

/** H1, A2, R11: off; A3: for some users, some models, or a share of the traffic. */
export const appconfigFlag = defineAction({
  kind: "appconfig-flag",
  summary: "Switch a feature flag of AppConfig off, or change its attributes, and deploy that",
  input: z
    .strictObject({
      ...placeInput,
      flag: Key.describe("key of the flag"),
      enabled: z
        .boolean()
        .optional()
        .describe("off or on; off when neither `set` nor `add` is given, else as it is"),
      set: z
        .record(Key, z.union([Scalar, z.array(z.union([z.string(), z.number()]))]))
        .default({})
        .describe("attributes and their new values, e.g. `rolloutPercent: 10`"),
      add: z
        .record(Key, z.array(z.union([z.string(), z.number()])).min(1))
        .default({})
        .describe("list attributes and what is added to them, e.g. `disabledModels: [north-large]`"),
    })
    .refine(({ set, add }) => Object.keys(set).every((key) => !(key in add)), {
      error: "an attribute is either set or added to",
      path: ["add"],
    }),
  before: z.strictObject({
    version: z.string().describe("the version that every client has"),
    latestVersion: z.int().describe("the newest version of the profile, deployed or not"),
    deployment: z.int().describe("the profile's newest deployment"),
    stops: z.int().nullable().describe("a deployment of the profile that goes on and is stopped first"),
    changes: z.boolean().describe("false: the flag is as wanted already"),
  }),
  outputs: z.strictObject({ flag: z.string().describe("key of the flag") }),
  effect: "overwrites",
  keepsBefore: true,
  keepsCode: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5, phases: 4 },
  permissions: (input, arn) => placePermissions(input, arn, { make: true }),
  touches: ({ application, environment, profile, flag }) => [
    { type: "feature-flag", id: `${application}/${environment}/${profile}/${flag}` },
  ],
  occupies: occupiedEnvironment,
  clients: ["@aws-sdk/client-appconfig", "@aws-sdk/client-dynamodb"],
  runbooks: ["H1", "A2", "R11", "A3"],
  docs: [
    "https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html",
    "https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateHostedConfigurationVersion.html",
    "https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StartDeployment.html",
  ],
});
