import type { Decoded, WireRequest } from "./front/codec/wire.ts";
import type { World } from "./world.ts";

/** Who makes a call. */
export type Principal =
  /** The sandbox's administrator: everything is allowed, nothing is evaluated. */
  | { type: "admin" }
  /** A role's session, as a function or a state machine has it; `tags`: session tags, given when it was taken on. */
  | { type: "role"; roleArn: string; sessionName: string; tags?: Record<string, string> }
  /** An AWS service acting for a resource: the target's resource policy must allow it. */
  | { type: "service"; service: string; sourceArn?: string }
  /** Nobody in particular: a request to a public function URL. Only a resource policy for everyone lets it in. */
  | { type: "anonymous" };

/** What an operation knows of the call it answers. */
export interface Call {
  world: World;
  principal: Principal;
  /** Unique for each call; also in the answer's headers. */
  requestId: string;
  /** Region of the credential scope. */
  region: string;
  account: string;
}

/** One IAM action on named resources, as the Service Authorization Reference lists it. */
export interface Authorization {
  /** e.g. `rds:CreateDBSnapshot` */
  action: string;
  /** ARNs; `["*"]` for an action without resource types. */
  resources: string[];
  /** Condition keys of the request, e.g. `{"secretsmanager:VersionStage": "AWSCURRENT"}`. */
  context?: Record<string, string | string[]>;
}

/**
 * One AWS operation: what IAM evaluates, and what it does. One file an operation,
 * `sandbox/services/<service>/<Operation>.ts`, exporting it by the operation's name.
 *
 * `input` and the result are the SDK's own shapes (`DescribeDBInstancesCommandInput` …): Dates are Dates,
 * blobs are Uint8Arrays. Wire formats are the codec's business.
 */
export interface Operation<Input = never, Output = unknown> {
  /** What the caller must be allowed to do; several entries must all be allowed. */
  authorize(input: Input, call: Call): Authorization[];
  /** Does it. Throws {@link ServiceException} as AWS would answer. */
  run(input: Input, call: Call): Promise<Output> | Output;
}

/** Ties an operation's types together; returns it unchanged. */
export function operation<Input, Output>(definition: Operation<Input, Output>): Operation<Input, Output> {
  return definition;
}

/** One AWS service in the sandbox. */
export interface Service {
  /** Name in the SigV4 credential scope and in `world.call`, e.g. `rds`, `secretsmanager`, `states`. */
  name: string;
  /**
   * The official client, whose exported schemas give the wire format: `() => import("@aws-sdk/client-rds")`. A service
   * without one reads and writes its requests by itself, in `decode`.
   */
  client?(): Promise<object>;
  /** Reads what its official client never sends (Prometheus' own API); asked first, undefined: an ordinary request. */
  decode?(request: WireRequest): Decoded | undefined;
  /** The operations it implements; any other answers "not implemented by the sandbox". */
  operations: Record<string, Operation>;
  /** The resource policy on an ARN of this service, where it has one (Lambda permissions, queue, topic, bucket policies). */
  resourcePolicy?(world: World, arn: string): object | undefined;
  /** Runs once when the sandbox starts, in the order of registration. */
  start?(world: World): Promise<void> | void;
}

/**
 * An error as AWS answers it.
 *
 * `code` is the error's shape name in the service model (`DBInstanceNotFoundFault`); the codec puts the
 * wire code of that shape (`DBInstanceNotFound`) on the wire. A code without a shape (`ValidationError`,
 * `AccessDenied`, `Throttling`) is sent as it is, with `status` (400 unless given).
 */
export class ServiceException extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** Further members of the error's shape, e.g. `{ messages: [...] }`. */
  readonly members: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; members?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}
