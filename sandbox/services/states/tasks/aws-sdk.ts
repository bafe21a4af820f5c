import { modelIfAny } from "../../../front/codec/model.ts";
import { type Service, ServiceException } from "../../../service.ts";
import { StateFailure } from "../../../states/failure.ts";
import { failureOf, type Integration } from "./integrations.ts";

/** Names in `aws-sdk:` resources that differ from the SigV4 name, and the prefix of their errors. */
const SERVICES: Record<string, { service: string; prefix: string }> = {
  cloudwatch: { service: "monitoring", prefix: "CloudWatch" },
  eventbridge: { service: "events", prefix: "EventBridge" },
  sfn: { service: "states", prefix: "Sfn" },
  secretsmanager: { service: "secretsmanager", prefix: "SecretsManager" },
  route53: { service: "route53", prefix: "Route53" },
  cloudwatchlogs: { service: "logs", prefix: "CloudWatchLogs" },
  dynamodb: { service: "dynamodb", prefix: "DynamoDb" },
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * `aws-sdk:<service>:<action>`: any call, parameters in the Java SDK's spelling (`DbInstanceIdentifier`)
 * (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
 */
export function sdkIntegration(name: string, action: string): Integration {
  const { service, prefix } = SERVICES[name] ?? { service: name, prefix: capital(name) };
  const failure = (problem: unknown) => {
    const plain = failureOf(prefix)(problem);
    return new StateFailure(
      plain.error?.replace(/FaultException$/, "Exception").replace(/\.DB/, ".Db"),
      plain.causeText,
    );
  };
  return {
    failure,
    call: async ({ world, principal, arguments: given }) => {
      const operation = capital(action).replace(/^(.*)Db([A-Z].*)$/, service === "rds" ? "$1DB$2" : "$&");
      const lower = service === "states" || service === "logs";
      const input = rename(given, (key) =>
        service === "rds"
          ? key.replace(/Db(?=[A-Z])/g, "DB")
          : lower
            ? key.charAt(0).toLowerCase() + key.slice(1)
            : key,
      );
      const answer = await world
        .call({ service, operation, input, principal })
        .catch((problem: unknown) => inGeneral(prefix, world.services.get(service), problem));
      return rename(answer, (key) => (service === "rds" ? key.replace(/DB(?=[A-Z])/g, "Db") : capital(key)));
    },
  };
}

/**
 * An error that the service's model does not name reaches a state machine under the service's own:
 * `SecretsManager.SecretsManagerException` for a ValidationException.
 */
async function inGeneral(prefix: string, service: Service | undefined, problem: unknown): Promise<never> {
  if (!(problem instanceof ServiceException) || problem.code === "NotImplementedBySandbox") throw problem;
  const model = await modelIfAny(service);
  if (!model || model.errors.has(problem.code)) throw problem;
  throw new StateFailure(`${prefix}.${prefix}Exception`, failureOf(prefix)(problem).causeText);
}

function rename(value: unknown, by: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => rename(each, by));
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [by(key), rename(each, by)]));
}
