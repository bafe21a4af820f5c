import * as z from "zod";
import { type ActionPermissions, type ArnBuilder, allow, type Resource } from "./spec.ts";

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
      "id of the deployment strategy; one that bakes keeps the environment busy, so name one that does not where a plan has several such steps. An alarm that monitors the environment takes this deployment back too, if it rings meanwhile",
    ),
};

/**
 * Minutes that AppConfig's own strategies deploy, and bake afterwards; those of an account are not known here.
 * https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy-predefined.html
 */
const PREDEFINED: Record<string, { deploys: number; bakes: number }> = {
  "AppConfig.AllAtOnce": { deploys: 0, bakes: 10 },
  "AppConfig.Linear50PercentEvery30Seconds": { deploys: 1, bakes: 1 },
  "AppConfig.Linear20PercentEvery6Minutes": { deploys: 30, bakes: 30 },
  "AppConfig.Canary10Percent20Minutes": { deploys: 20, bakes: 10 },
};

/** An environment takes one deployment at a time, and one that bakes counts. */
export function occupiedEnvironment({ application, environment, strategy }: Place): {
  what: Resource;
  changing: number;
  after: number;
} {
  const { deploys, bakes } = PREDEFINED[strategy] ?? { deploys: 0, bakes: 0 };
  return {
    what: { type: "appconfig-environment", id: `${application}/${environment}` },
    changing: deploys * 60,
    after: bakes * 60,
  };
}

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
