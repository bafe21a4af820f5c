import { createHash } from "node:crypto";
import type {
  DBInstance,
  DBParameterGroup,
  DBSubnetGroup,
  Event,
  OptionGroup,
  Tag,
} from "@aws-sdk/client-rds";
import { hostOf } from "../../engines/hosts.ts";
import type { BaseBackup } from "../../engines/postgres/backup.ts";
import { type Binaries, findBinaries } from "../../engines/postgres/binaries.ts";
import type { Cluster } from "../../engines/postgres/cluster.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** The settings of an instance as DescribeDBInstances answers them; what is computed is filled in there. */
export type InstanceSettings = Omit<
  DBInstance,
  "DBInstanceStatus" | "LatestRestorableTime" | "Endpoint" | "TagList"
>;

/** An instance: its settings, its status and its PostgreSQL. */
export interface Instance {
  id: string;
  /** On the volume of an Aurora cluster: the cluster's identifier. It is no instance that anybody sees. */
  volumeOf?: string;
  resourceId: string;
  status: string;
  settings: InstanceSettings;
  port: number;
  masterPassword: string;
  superuserPassword: string;
  tags: Tag[];
  createdAt: number;
  cluster: Cluster;
  /** Automated backups, oldest first. */
  backups: BaseBackup[];
  /** Sandbox time of the last archived heartbeat commit; undefined until there is one. */
  restorableUntil: number | undefined;
  caFile: string;
  stopHeartbeat: () => void;
  /** The work under way on it, so that stopping waits for it. */
  busy: Promise<void>;
}

export interface Snapshot {
  id: string;
  arn: string;
  status: string;
  percent: number;
  createdAt: number;
  /** Present once the base backup was taken. */
  backup: BaseBackup | undefined;
  /** WAL the backup needs lies here. */
  archive: string;
  settings: InstanceSettings;
  superuserPassword: string;
  masterPassword: string;
  source: string;
  type: "manual" | "automated";
  tags: Tag[];
}

interface RdsState {
  instances: Map<string, Instance>;
  /** Identifiers of instances of Aurora clusters, which cluster-state.ts keeps. */
  ofClusters: Set<string>;
  snapshots: Map<string, Snapshot>;
  subnetGroups: Map<string, DBSubnetGroup>;
  parameterGroups: Map<string, DBParameterGroup>;
  optionGroups: Map<string, OptionGroup>;
  events: Event[];
  /** The part of endpoint names that is the account's own in a region. */
  endpointSuffix: string;
  binaries: Binaries;
}

/** Names that every account has. */
const DEFAULT_SUBNETS = "default";
const DEFAULT_PARAMETERS = "default.postgres17";
const DEFAULT_OPTIONS = "default:postgres-17";

export const rdsState = stateOf((world): RdsState => {
  const arn = (kind: string, name: string) => world.arn("rds", `${kind}:${name}`);
  return {
    instances: new Map(),
    ofClusters: new Set(),
    snapshots: new Map(),
    subnetGroups: new Map([
      [
        DEFAULT_SUBNETS,
        {
          DBSubnetGroupName: DEFAULT_SUBNETS,
          DBSubnetGroupDescription: "default",
          SubnetGroupStatus: "Complete",
          VpcId: "vpc-default",
          Subnets: [],
          DBSubnetGroupArn: arn("subgrp", DEFAULT_SUBNETS),
        },
      ],
    ]),
    parameterGroups: new Map(
      ["postgres17", "aurora-postgresql17"].map((family) => {
        const name = `default.${family}`;
        return [
          name,
          {
            DBParameterGroupName: name,
            DBParameterGroupFamily: family,
            Description: `Default parameter group for ${family}`,
            DBParameterGroupArn: arn("pg", name),
          },
        ];
      }),
    ),
    optionGroups: new Map([
      [
        DEFAULT_OPTIONS,
        {
          OptionGroupName: DEFAULT_OPTIONS,
          EngineName: "postgres",
          MajorEngineVersion: "17",
          OptionGroupArn: arn("og", DEFAULT_OPTIONS),
        },
      ],
    ]),
    events: [],
    endpointSuffix: `${endpointId(world)}.${world.region}.rds.amazonaws.com`,
    binaries: findBinaries(world.root),
  };
});

export const DEFAULTS = {
  subnets: DEFAULT_SUBNETS,
  parameters: DEFAULT_PARAMETERS,
  options: DEFAULT_OPTIONS,
};

export const instanceArn = (world: World, id: string) => world.arn("rds", `db:${id}`);
export const snapshotArn = (world: World, id: string) => world.arn("rds", `snapshot:${id}`);

/** The instance, by identifier or ARN; DBInstanceNotFound as RDS words it. */
export function instanceNamed(world: World, id: string | undefined): Instance {
  const name = (id ?? "").split(":").at(-1)!.toLowerCase();
  const { instances, ofClusters } = rdsState(world);
  if (ofClusters.has(name))
    throw new ServiceException(
      "NotImplementedBySandbox",
      `${name} is an instance of an Aurora cluster; the sandbox makes and describes those, and does nothing else with them. Nothing was changed.`,
      { status: 501 },
    );
  const instance = instances.get(name);
  if (!instance) throw new ServiceException("DBInstanceNotFoundFault", `DBInstance ${name} not found.`);
  return instance;
}

/** The instance in status `available`, else InvalidDBInstanceState. */
export function availableInstance(world: World, id: string | undefined): Instance {
  const instance = instanceNamed(world, id);
  if (instance.status !== "available")
    throw new ServiceException(
      "InvalidDBInstanceStateFault",
      `Instance ${instance.id} is not in available state.`,
    );
  return instance;
}

export function snapshotNamed(world: World, id: string | undefined): Snapshot {
  const name = id?.startsWith("arn:") ? id.split(":snapshot:")[1]! : (id ?? "").toLowerCase();
  const snapshot = rdsState(world).snapshots.get(name);
  if (!snapshot) throw new ServiceException("DBSnapshotNotFoundFault", `DBSnapshot ${name} not found.`);
  return snapshot;
}

/** The part of every endpoint that is the account's own in a region: always the same, so that a plan can name it. */
function endpointId({ account, region }: World): string {
  return `c${createHash("sha256").update(`${account}/${region}`).digest("hex").slice(0, 11)}`;
}

/** The name under which an instance is reached. */
export const endpointName = (world: World, id: string) => `${id}.${rdsState(world).endpointSuffix}`;

/** Where an instance's PostgreSQL really listens, for scenarios and tests. */
export function connectionOf(world: World, id: string): { host: string; port: number; caFile: string } {
  const instance = instanceNamed(world, id);
  return {
    host: hostOf(world, endpointName(world, instance.id))!.address,
    port: instance.port,
    caFile: instance.caFile,
  };
}

/** What an RDS event is about. */
export interface EventSource {
  type: keyof typeof EVENT_SOURCES;
  id: string;
  arn: string;
}

/** Detail type and SourceType of RDS's events on the bus. */
const EVENT_SOURCES = {
  "db-instance": ["RDS DB Instance Event", "DB_INSTANCE"],
  "db-snapshot": ["RDS DB Snapshot Event", "SNAPSHOT"],
  "db-cluster": ["RDS DB Cluster Event", "CLUSTER"],
  "db-cluster-snapshot": ["RDS DB Cluster Snapshot Event", "CLUSTER_SNAPSHOT"],
} as const;

/** What an instance's events are about: for a volume, its cluster. */
export const eventSource = (world: World, { id, volumeOf }: Instance): EventSource =>
  volumeOf === undefined
    ? { type: "db-instance", id, arn: instanceArn(world, id) }
    : { type: "db-cluster", id: volumeOf, arn: world.arn("rds", `cluster:${volumeOf}`) };

/** Records an RDS event and puts it on the event bus (EventBridge detail-type by source type). */
export function recordEvent(
  world: World,
  source: EventSource,
  message: string,
  category: string,
  eventId: string,
): void {
  const at = new Date(world.clock.now());
  rdsState(world).events.push({
    SourceIdentifier: source.id,
    SourceType: source.type,
    Message: message,
    EventCategories: [category],
    Date: at,
    SourceArn: source.arn,
  });
  world.emit({
    source: "aws.rds",
    "detail-type": EVENT_SOURCES[source.type][0],
    resources: [source.arn],
    detail: {
      EventCategories: [category],
      SourceType: EVENT_SOURCES[source.type][1],
      SourceArn: source.arn,
      Date: at.toISOString(),
      Message: message,
      SourceIdentifier: source.id,
      EventID: eventId,
    },
  });
}
