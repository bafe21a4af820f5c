import * as z from "zod";
import { occupiedEnvironment, placeInput, placePermissions } from "../../runtime/appconfig-place.ts";
import { defineAction } from "../../runtime/spec.ts";

const Version = z.string().regex(/^\d{1,9}$/);

/** A4: a configuration goes back to what was deployed before. Also of feature flags, whole. */
export const appconfigConfig = defineAction({
  kind: "appconfig-config",
  summary:
    "Deploy the version of an AppConfig configuration that was there before; stop a deployment that goes on",
  input: z.strictObject({
    ...placeInput,
    version: z
      .union([z.literal("previous"), z.literal("before-deployment"), z.int().min(1)])
      .default("previous")
      .describe(
        "`previous`: the one that was deployed before, or that everybody still has while a deployment goes on; `before-deployment`: the one that everybody had when the deployment began; or a number",
      ),
  }),
  before: z.strictObject({
    version: Version.describe("the version that is deployed, or is being deployed"),
    target: Version.describe("the version that comes back"),
    deployment: z.int().describe("the profile's newest deployment"),
    stops: z.int().nullable().describe("a deployment of the profile that goes on and is stopped first"),
    deploys: z.boolean().describe("false: stopping brings the target back, or it is there already"),
  }),
  outputs: z.strictObject({ version: Version.describe("the version that everybody has now") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5, phases: 4 },
  permissions: (input, arn) => placePermissions(input, arn, { make: false }),
  touches: ({ application, environment, profile }) => [
    { type: "configuration", id: `${application}/${environment}/${profile}` },
  ],
  occupies: occupiedEnvironment,
  clients: ["@aws-sdk/client-appconfig", "@aws-sdk/client-dynamodb"],
  runbooks: ["A4"],
  docs: [
    "https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-deploying-reverting.html",
    "https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StopDeployment.html",
  ],
});
