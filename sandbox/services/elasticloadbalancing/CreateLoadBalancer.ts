import type {
  CreateLoadBalancerCommandInput,
  CreateLoadBalancerOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { allocateHost } from "../../engines/hosts.ts";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented, randomId } from "../../world.ts";
import { balancerAnswer } from "./describe.ts";
import { balancers, elbArn, idOf } from "./state.ts";

/** Makes an application load balancer: an address and a name, without a listener. */
export const CreateLoadBalancer = operation<CreateLoadBalancerCommandInput, CreateLoadBalancerOutput>({
  authorize: (input, { world }) => [
    {
      action: "elasticloadbalancing:CreateLoadBalancer",
      resources: [elbArn(world, `loadbalancer/app/${input.Name}/*`)],
    },
  ],
  run: async (input, { world }) => {
    const name = input.Name ?? "";
    if (input.Type !== undefined && input.Type !== "application")
      throw notImplemented("elasticloadbalancing", `load balancers of type ${input.Type}`);
    if ([...balancers(world).values()].some((each) => each.name === name))
      throw new ServiceException(
        "DuplicateLoadBalancerNameException",
        `A load balancer with the same name '${name}' exists, but with different settings`,
      );
    const dnsName = `internal-${name}-${randomId(10, "0123456789")}.${world.region}.elb.amazonaws.com`;
    const { address } = await allocateHost(world, dnsName, [80, 443]);
    const made = {
      arn: elbArn(world, `loadbalancer/app/${name}/${idOf(name)}`),
      name,
      dnsName,
      address,
      createdAt: world.clock.now(),
      listeners: [],
    };
    balancers(world).set(made.arn, made);
    return { LoadBalancers: [balancerAnswer(made)] };
  },
});
