import { credentialsOf } from "../../../front/credentials.ts";
import { signatureHolds, signatureOf } from "../../../front/sigv4.ts";
import type { Principal } from "../../../service.ts";
import type { World } from "../../../world.ts";
import { failure } from "../status.ts";

const PREFIX = "k8s-aws-v1.";
/** EKS takes a token for 15 minutes after it was signed, whatever X-Amz-Expires says. */
const LIFETIME = 900_000;
/** How far ahead the clock of whoever signed may be, milliseconds. */
const SKEW = 300_000;

/**
 * Who a bearer token stands for. It is a presigned GetCallerIdentity request that names the cluster in the signed header
 * `x-k8s-aws-id`: what AWS's authenticator would send to STS is checked here against the issued credentials.
 * https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
 */
export function principalOf(world: World, cluster: string, token: string): Principal {
  if (!token.startsWith(PREFIX)) throw unauthorized();
  const text = Buffer.from(token.slice(PREFIX.length), "base64url").toString();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const own = [`sts.${world.region}.amazonaws.com`, new URL(world.endpoint).host];
  if (!url || !own.includes(url.host) || url.searchParams.get("Action") !== "GetCallerIdentity")
    throw unauthorized();
  const request = {
    method: "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: { host: url.host, "x-k8s-aws-id": cluster },
    body: Buffer.alloc(0),
  };
  const signature = signatureOf(request);
  const known = signature && credentialsOf(world, signature.accessKeyId);
  const sessionToken = url.searchParams.get("X-Amz-Security-Token") ?? undefined;
  if (
    !known ||
    known.sessionToken !== sessionToken ||
    signature.service !== "sts" ||
    !signature.signedHeaders.includes("x-k8s-aws-id") ||
    !signatureHolds(request, url.pathname, signature, known.secretAccessKey) ||
    !timely(world, url.searchParams.get("X-Amz-Date") ?? "")
  )
    throw unauthorized();
  return known.principal;
}

const unauthorized = () => failure("Unauthorized", "Unauthorized");

/** Functions sign with the sandbox's clock, a person's command line with the machine's. */
function timely(world: World, date: string): boolean {
  const signedAt = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  const now = world.clock.now();
  return [now, world.clock.toMachine(now)].some((at) => at <= signedAt + LIFETIME && at >= signedAt - SKEW);
}
