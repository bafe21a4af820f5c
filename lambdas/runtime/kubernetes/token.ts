import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { defaultProvider } from "../credentials.ts";

/** Seconds in X-Amz-Expires; EKS takes the token for 15 minutes whatever it says. */
const EXPIRES_SECONDS = 60;

/**
 * A bearer token for a cluster as `aws eks get-token` makes it: a presigned GetCallerIdentity request in which the
 * cluster's name is a signed header. Nothing is called; the cluster asks STS who signed it.
 * https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html
 */
export async function clusterToken(cluster: string, region: string, now: number): Promise<string> {
  const host = `sts.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
  const signer = new SignatureV4({
    service: "sts",
    region,
    credentials: await defaultProvider()(),
    sha256: Sha256,
  });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname: host,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host, "x-k8s-aws-id": cluster },
    },
    {
      expiresIn: EXPIRES_SECONDS,
      signingDate: new Date(now),
      unhoistableHeaders: new Set(["x-k8s-aws-id"]),
    },
  );
  const parameters = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${parameters.join("&")}`).toString("base64url")}`;
}
