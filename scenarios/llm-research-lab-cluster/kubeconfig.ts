/**
 * What `aws eks update-kubeconfig` and `aws eks get-token` do, part of the build's image as the AWS CLI is: prints a
 * kubeconfig for a cluster, with a token of the role that the build works as. The token is good for 15 minutes. Names are
 * asked of the sandbox's DNS server, ports below 1024 are open higher up there.
 */
import { Resolver } from "node:dns/promises";
import { Sha256 } from "@aws-crypto/sha256-js";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { SignatureV4 } from "@smithy/signature-v4";

const [, , name = ""] = process.argv;
const setting = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set`);
  return value;
};

const region = setting("AWS_REGION");
const { cluster } = await new EKSClient({}).send(new DescribeClusterCommand({ name }));
const { hostname } = new URL(cluster!.endpoint!);
const resolver = new Resolver();
resolver.setServers([setting("DNS_SERVER")]);
const [address] = await resolver.resolve4(hostname);

const sts = `sts.${region}.amazonaws.com`;
const signer = new SignatureV4({
  service: "sts",
  region,
  sha256: Sha256,
  credentials: {
    accessKeyId: setting("AWS_ACCESS_KEY_ID"),
    secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
    sessionToken: setting("AWS_SESSION_TOKEN"),
  },
});
const { query = {} } = await signer.presign(
  {
    method: "GET",
    protocol: "https:",
    hostname: sts,
    path: "/",
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    headers: { host: sts, "x-k8s-aws-id": name },
  },
  { expiresIn: 60, unhoistableHeaders: new Set(["x-k8s-aws-id"]) },
);
const url = `https://${sts}/?${new URLSearchParams(query as Record<string, string>)}`;
const server = {
  server: `https://${address}:${setting("HTTPS_PORT")}`,
  "tls-server-name": hostname,
  "certificate-authority-data": cluster!.certificateAuthority!.data,
};
console.log(
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: server }],
    users: [{ name: "build", user: { token: `k8s-aws-v1.${Buffer.from(url).toString("base64url")}` } }],
    contexts: [{ name, context: { cluster: name, user: "build" } }],
    "current-context": name,
  }),
);
