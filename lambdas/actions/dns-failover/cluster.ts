import {
  Route53RecoveryClusterClient,
  type Route53RecoveryClusterServiceException,
} from "@aws-sdk/client-route53-recovery-cluster";
import { WatchdogError } from "../../runtime/errors.ts";

export interface Endpoint {
  region: string;
  url: string;
}

/** One attempt at each endpoint, and not for long: the next one may answer at once. */
const SETTINGS = {
  maxAttempts: 1,
  // Without the last of them the SDK only warns of a request that takes longer.
  requestHandler: { connectionTimeout: 1_500, requestTimeout: 4_000, throwOnRequestTimeout: true },
} as const;

/** What an endpoint that is well says: another one would say the same. */
const ANSWERS = ["AccessDenied", "Conflict", "ResourceNotFound", "ServiceLimitExceeded", "Validation"];

const clients = new Map<string, Route53RecoveryClusterClient>();

function clientOf({ region, url }: Endpoint): Route53RecoveryClusterClient {
  const client = clients.get(url) ?? new Route53RecoveryClusterClient({ ...SETTINGS, region, endpoint: url });
  clients.set(url, client);
  return client;
}

/**
 * Asks the cluster's endpoints one after the other until one answers, as AWS advises: a cluster is up as long as any of
 * its five Regions is. Throws ServiceUnavailable, with what each of them said, when none does.
 * https://docs.aws.amazon.com/r53recovery/latest/dg/route53-arc-best-practices.regional.html
 */
export async function onCluster<Answer>(
  endpoints: Endpoint[],
  ask: (client: Route53RecoveryClusterClient) => Promise<Answer>,
): Promise<Answer> {
  const failures: { region: string; error: Error }[] = [];
  for (const endpoint of endpoints) {
    try {
      return await ask(clientOf(endpoint));
    } catch (error) {
      const { name } = error as Route53RecoveryClusterServiceException;
      if (ANSWERS.some((each) => name === `${each}Exception`)) throw error;
      failures.push({ region: endpoint.region, error: error as Error });
    }
  }
  if (failures.every(({ error }) => error.name === "ThrottlingException")) throw failures[0]!.error;
  throw new WatchdogError(
    "ServiceUnavailable",
    `None of the ${endpoints.length} endpoints of the cluster answered: ${failures.map(({ region, error }) => `${region} ${error.name}: ${error.message}`).join("; ")}. Whether anything was done is not known.`,
    { cause: failures[0]?.error },
  );
}
