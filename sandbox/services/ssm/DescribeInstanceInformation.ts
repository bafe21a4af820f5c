import type {
  DescribeInstanceInformationCommandInput,
  DescribeInstanceInformationResult,
} from "@aws-sdk/client-ssm";
import { type ManagedHost, managedHosts } from "../../engines/host/index.ts";
import { operation, ServiceException } from "../../service.ts";

const FILTERS: Record<string, (host: ManagedHost) => string> = {
  InstanceIds: ({ instanceId }) => instanceId,
  PingStatus: ({ online }) => (online ? "Online" : "ConnectionLost"),
  PlatformTypes: () => "Linux",
};

/** The hosts whose agents have registered, and whether they answer. It knows no resources. */
export const DescribeInstanceInformation = operation<
  DescribeInstanceInformationCommandInput,
  DescribeInstanceInformationResult
>({
  authorize: () => [{ action: "ssm:DescribeInstanceInformation", resources: ["*"] }],
  run: (input, { world }) => {
    const filters = [
      ...(input.Filters ?? []).map(({ Key, Values }) => ({ key: Key ?? "", values: Values ?? [] })),
      ...(input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) => ({
        key: key ?? "",
        values: valueSet ?? [],
      })),
    ];
    for (const { key } of filters) if (!FILTERS[key]) throw new ServiceException("InvalidFilterKey", "");
    const found = [...managedHosts(world).values()].filter((host) =>
      filters.every(({ key, values }) => values.includes(FILTERS[key]!(host))),
    );
    const from = Number(input.NextToken ?? 0);
    const to = from + (input.MaxResults ?? 50);
    return {
      InstanceInformationList: found.slice(from, to).map((host) => ({
        InstanceId: host.instanceId,
        PingStatus: host.online ? ("Online" as const) : ("ConnectionLost" as const),
        LastPingDateTime: new Date(host.online ? world.clock.now() : host.lastPingAt),
        AgentVersion: "3.3.0.0",
        IsLatestVersion: false,
        PlatformType: "Linux" as const,
        PlatformName: "Debian GNU/Linux",
        ResourceType: "EC2Instance" as const,
        IPAddress: host.address,
        ComputerName: host.name,
        RegistrationDate: new Date(host.registeredAt),
      })),
      ...(to < found.length ? { NextToken: String(to) } : {}),
    };
  },
});
