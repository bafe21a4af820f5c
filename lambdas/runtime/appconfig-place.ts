import * as z from "zod";
import { type ActionPermissions, type ArnBuilder, allow } from "./spec.ts";

/** Where a configuration is deployed, and how. */
export interface Place {
  application: string;
  environment: string;
  profile: string;
  strategy: string;
}

const Id = (what: string) =>
  z
    .string()
    .regex(/^[a-z0-9]{4,7}$/, "an id of AppConfig: 4 to 7 lower-case letters and digits")
    .describe(`id of the ${what}`);

/** The part of a step's input that says where. */
export const placeInput = {
  application: Id("application"),
  environment: Id("environment"),
  profile: Id("configuration profile"),
  strategy: z
    .string()
    .regex(/^([a-z0-9]{4,7}|AppConfig\.[A-Za-z0-9]{9,40})$/, "the id of a deployment strategy")
    .default("AppConfig.AllAtOnce")
    .describe(
      "id of the deployment strategy; one that bakes keeps the environment busy, so name one that does not where a plan has several such steps",
    ),
};

/** Reads versions and deployments; deploys and stops. `make`: also makes versions. */
export function placePermissions(
  place: Place,
  arn: ArnBuilder,
  { make }: { make: boolean },
): ActionPermissions {
  const application = arn.of("appconfig", `application/${place.application}`);
  const environment = `${application}/environment/${place.environment}`;
  const profile = `${application}/configurationprofile/${place.profile}`;
  const strategy = arn.of("appconfig", `deploymentstrategy/${place.strategy}`);
  const deployments = `${environment}/deployment/*`;
  const read = [
    allow("appconfig:ListDeployments", [application, environment]),
    allow("appconfig:GetDeployment", [application, environment, deployments]),
    allow("appconfig:ListHostedConfigurationVersions", [application, profile]),
    ...(make
      ? [
          allow("appconfig:GetHostedConfigurationVersion", [
            application,
            profile,
            `${profile}/hostedconfigurationversion/*`,
          ]),
        ]
      : []),
  ];
  return {
    read,
    write: [
      ...read,
      ...(make ? [allow("appconfig:CreateHostedConfigurationVersion", [application, profile])] : []),
      allow("appconfig:StartDeployment", [application, environment, profile, strategy]),
      allow("appconfig:StopDeployment", [application, environment, deployments]),
    ],
  };
}
