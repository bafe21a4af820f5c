import type { PolicyDocument } from "../../front/iam/policy.ts";
import { type Call, ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";
import type { Row } from "./insights.ts";

/** One line of a log. Times are epoch milliseconds, sandbox time. */
interface LogEvent {
  id: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
}

export interface LogStream {
  name: string;
  createdAt: number;
  /** In the order they were put. */
  events: LogEvent[];
}

export interface LogGroup {
  name: string;
  createdAt: number;
  retentionDays: number | undefined;
  tags: Map<string, string>;
  kmsKeyId: string | undefined;
  deletionProtection: boolean;
  streams: Map<string, LogStream>;
}

/** A resource policy of the account. */
export interface ResourcePolicy {
  document: string;
  parsed: PolicyDocument;
  at: number;
  revision: string;
}

/** A Logs Insights query that was started. */
interface RunQuery {
  /** Sandbox time, epoch milliseconds. */
  endsAt: number;
  stopped: boolean;
  rows: Row[];
  matched: number;
  scanned: number;
  bytes: number;
}

export const logsState = stateOf(() => ({
  groups: new Map<string, LogGroup>(),
  queries: new Map<string, RunQuery>(),
  policies: new Map<string, ResourcePolicy>(),
  /** All policies as one document: kept, so that IAM compiles it once. */
  combined: {} as PolicyDocument,
  sequence: 0,
}));

/** Sets or (undefined) takes away a resource policy. */
export function setPolicy(world: World, name: string, policy: ResourcePolicy | undefined): void {
  const state = logsState(world);
  if (policy) state.policies.set(name, policy);
  else state.policies.delete(name);
  state.combined = {
    Statement: [...state.policies.values()].flatMap(({ parsed }) => parsed.Statement ?? []),
  };
}

/** A group named by its name or its ARN. */
export const groupName = (identifier: string | undefined) =>
  /^arn:[^:]+:logs:[^:]*:\d+:log-group:([^:]+)/.exec(identifier ?? "")?.[1] ?? identifier ?? "";

/** The group, or ResourceNotFoundException. */
export function groupOf(world: World, identifier: string | undefined): LogGroup {
  const group = logsState(world).groups.get(groupName(identifier));
  if (!group)
    throw new ServiceException("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

/** The query, or ResourceNotFoundException. */
export function queryOf(world: World, id: string | undefined): RunQuery {
  const query = logsState(world).queries.get(id ?? "");
  if (!query) throw new ServiceException("ResourceNotFoundException", `The query ${id} does not exist.`);
  return query;
}

export function streamOf(group: LogGroup, name: string | undefined): LogStream {
  const stream = group.streams.get(name ?? "");
  if (!stream)
    throw new ServiceException("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}

/** The ARN that actions on a group are allowed on: with `:*` at its end, as the console and the CDK write it. */
const groupArn = (world: World, name: string | undefined) =>
  world.arn("logs", `log-group:${groupName(name)}:*`);
export const streamArn = (world: World, group: string | undefined, stream: string | undefined) =>
  world.arn("logs", `log-group:${groupName(group)}:log-stream:${stream}`);

/** What an action on a group needs. */
export const onGroup = (action: string, { world }: Call, name: string | undefined) => [
  { action: `logs:${action}`, resources: [name === undefined ? "*" : groupArn(world, name)] },
];

/** Makes a group; used by CreateLogGroup and by services that log on their own. */
export function addGroup(world: World, name: string): LogGroup {
  const { groups } = logsState(world);
  if (groups.has(name))
    throw new ServiceException("ResourceAlreadyExistsException", "The specified log group already exists");
  const group: LogGroup = {
    name,
    createdAt: world.clock.now(),
    retentionDays: undefined,
    tags: new Map(),
    kmsKeyId: undefined,
    deletionProtection: false,
    streams: new Map(),
  };
  groups.set(name, group);
  return group;
}

/** Appends events to a stream, oldest first. */
export function append(
  world: World,
  stream: LogStream,
  events: { timestamp: number; message: string }[],
): void {
  const state = logsState(world);
  const ingestionTime = Math.floor(world.clock.now());
  for (const { timestamp, message } of events)
    stream.events.push({ id: String(++state.sequence).padStart(56, "3"), timestamp, ingestionTime, message });
  // Batches of different writers may overlap in time; readers see one order.
  stream.events.sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
}

/** Whether a group's retention has let go of what was logged then. */
export const expired = (world: World, group: LogGroup, timestamp: number) =>
  group.retentionDays !== undefined && timestamp < world.clock.now() - group.retentionDays * 86_400_000;

export const revision = () => randomId(20, "0123456789");
