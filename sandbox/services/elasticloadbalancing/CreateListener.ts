import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type {
  CreateListenerCommandInput,
  CreateListenerOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { openedPort } from "../../engines/hosts.ts";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented, type World } from "../../world.ts";
import { serverCertificates } from "../iam/UploadServerCertificate.ts";
import { checkedActions } from "./actions.ts";
import { listenerAnswer } from "./describe.ts";
import { forward } from "./forward.ts";
import { authorizeSignIns } from "./sign-in.ts";
import { balancerAt, idOf, type Listener } from "./state.ts";

/** Opens a port of a load balancer: HTTP, or HTTPS with a server certificate of IAM. */
export const CreateListener = operation<CreateListenerCommandInput, CreateListenerOutput>({
  authorize: (input) => [
    { action: "elasticloadbalancing:CreateListener", resources: [input.LoadBalancerArn ?? "*"] },
    ...authorizeSignIns(input.DefaultActions),
  ],
  run: async (input, { world }) => {
    const balancer = balancerAt(world, input.LoadBalancerArn);
    const port = input.Port ?? 80;
    if (balancer.listeners.some((each) => each.port === port))
      throw new ServiceException(
        "DuplicateListenerException",
        `A listener already exists on this port for this load balancer '${balancer.arn}'`,
      );
    const protocol = input.Protocol ?? "HTTP";
    if (protocol !== "HTTP" && protocol !== "HTTPS")
      throw notImplemented("elasticloadbalancing", `listeners of protocol ${protocol}`);
    const actions = checkedActions(world, input.DefaultActions, { protocol });
    const [, path] = balancer.arn.split(":loadbalancer/");
    const id = `${path}/${idOf(`${path}:${port}`)}`;
    const arn = `${balancer.arn.split(":loadbalancer/")[0]}:listener/${id}`;
    const certificate = input.Certificates?.[0]?.CertificateArn;
    const server = serverOf(world, protocol, certificate);
    const listener: Listener = {
      arn,
      balancer: balancer.arn,
      port,
      protocol,
      certificate: protocol === "HTTPS" ? certificate : undefined,
      rules: [
        {
          arn: arn.replace(":listener/", ":listener-rule/").concat(`/${idOf(`${arn} default`)}`),
          priority: "default",
          conditions: [],
          actions,
        },
      ],
      server,
    };
    server.on("request", (incoming, outgoing) => forward(world, listener, incoming, outgoing));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(openedPort(port), balancer.address, resolve);
    });
    world.onStop(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    balancer.listeners.push(listener);
    return { Listeners: [listenerAnswer(listener)] };
  },
});

function serverOf(world: World, protocol: "HTTP" | "HTTPS", certificateArn: string | undefined): Server {
  if (protocol === "HTTP") return createServer();
  const certificate = serverCertificates(world).get(certificateArn ?? "");
  if (!certificate)
    throw new ServiceException("CertificateNotFoundException", `Certificate '${certificateArn}' not found`);
  return createSecureServer({ cert: certificate.body, key: certificate.privateKey });
}
