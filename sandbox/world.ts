import { randomBytes, randomUUID } from "node:crypto";
import { type Clock, machineClock } from "./clock.ts";
import { type Call, type Principal, type Service, ServiceException } from "./service.ts";

/** An event as EventBridge carries it, without what the bus itself adds (id, account, region, time). */
export interface BusEvent {
  source: string;
  "detail-type": string;
  detail: unknown;
  resources?: string[];
}

/** A call that the sandbox makes or serves; every one passes IAM and the faults. */
export interface CallRequest {
  service: string;
  operation: string;
  input: unknown;
  principal: Principal;
  region?: string;
  requestId?: string;
}

/** What decides whether a call may be made; throws AccessDenied as AWS words it. Set by `front/iam`. */
export type Authorizer = (
  service: Service,
  operationName: string,
  input: unknown,
  call: Call,
) => void | Promise<void>;

/** Sees each call before and after it ran: faults, recording. May throw or wait. */
export interface Interceptor {
  before?(request: CallRequest): Promise<void> | void;
  /** `error` or `output` is set. Throwing here loses the reply of a call that was done. */
  after?(request: CallRequest, result: { output?: unknown; error?: unknown }): Promise<void> | void;
}

/** One line of the sandbox's own log. */
export interface WorldLog {
  /** Sandbox time, epoch milliseconds. */
  at: number;
  source: string;
  message: string;
  [field: string]: unknown;
}

/**
 * One simulated AWS account in one region: the clock, the services, and the one way to call them.
 *
 * Services keep their state with {@link stateOf}; they reach each other only through `call` and `emit`,
 * so IAM, faults and recording see everything, whether it came over HTTP or from inside.
 */
export class World {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  /** A folder of this world alone; removed when it stops. */
  readonly root: string;
  readonly services = new Map<string, Service>();
  /** Set by `front/iam`; until then only administrators may call. */
  authorizer: Authorizer | undefined;
  readonly interceptors: Interceptor[] = [];
  /** Where the SDK reaches this world; set when the front door is open. */
  endpoint = "";
  #eventSinks: ((event: BusEvent) => void)[] = [];
  #logSinks: ((line: WorldLog) => void)[] = [];
  #stops: (() => Promise<void> | void)[] = [];
  #seen = new Set<string>();
  #stopping = false;

  constructor(options: { root: string; clock?: Clock; account?: string; region?: string }) {
    this.root = options.root;
    this.clock = options.clock ?? machineClock();
    this.account = options.account ?? "123456789012";
    this.region = options.region ?? "us-east-1";
  }

  /** Adds a service and starts it. */
  async register(service: Service): Promise<void> {
    this.services.set(service.name, service);
    await service.start?.(this);
  }

  /** Whether {@link stop} was called: nothing new may begin. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Calls an operation as `principal`: faults, then IAM, then the operation. Throws {@link ServiceException}. */
  async call<Output = unknown>(request: CallRequest): Promise<Output> {
    if (this.#stopping)
      throw new ServiceException("ServiceUnavailable", "The sandbox is stopping. Nothing was done.", {
        status: 503,
      });
    const service = this.services.get(request.service);
    const run = service?.operations[request.operation];
    if (!service || !run) throw notImplemented(request.service, request.operation);
    const call: Call = {
      world: this,
      principal: request.principal,
      requestId: request.requestId ?? randomUUID(),
      region: request.region ?? this.region,
      account: this.account,
    };
    try {
      for (const each of this.interceptors) await each.before?.(request);
      if (request.principal.type !== "admin") {
        if (!this.authorizer)
          throw new ServiceException("AccessDenied", "The sandbox has no IAM yet", { status: 403 });
        await this.authorizer(service, request.operation, request.input, call);
      }
      const output = (await run.run(request.input as never, call)) as Output;
      for (const each of this.interceptors) await each.after?.(request, { output });
      return output;
    } catch (error) {
      for (const each of this.interceptors) await each.after?.(request, { error });
      throw error;
    }
  }

  /** Puts an AWS service's own event on the default event bus. */
  emit(event: BusEvent): void {
    for (const sink of this.#eventSinks) sink(event);
  }

  /** Used by the events service: receives what `emit` sends. */
  onEvent(sink: (event: BusEvent) => void): void {
    this.#eventSinks.push(sink);
  }

  /** Writes a line to the sandbox's log (shown by `watchdog drill`, kept in the drill's folder). */
  log(source: string, message: string, fields: Record<string, unknown> = {}): void {
    const line = { at: this.clock.now(), source, message, ...fields };
    for (const sink of this.#logSinks) sink(line);
  }

  onLog(sink: (line: WorldLog) => void): void {
    this.#logSinks.push(sink);
  }

  /** Says a thing once, however often it happens (for limits of the sandbox a person should know about). */
  warnOnce(message: string): void {
    if (this.#seen.has(message)) return;
    this.#seen.add(message);
    this.log("sandbox", message);
  }

  /** Runs when the world stops, newest first; what was started while it stops is stopped too. */
  onStop(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  /** Stops everything that was started in this world. Every stop is tried; failures are thrown together. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, "Some parts of the sandbox did not stop cleanly");
  }

  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  arn(service: string, resource: string, options: { region?: string; account?: string } = {}): string {
    return `arn:aws:${service}:${options.region ?? this.region}:${options.account ?? this.account}:${resource}`;
  }
}

/** The answer to anything the sandbox cannot do: never a made-up success. */
export function notImplemented(service: string, operation: string): ServiceException {
  return new ServiceException(
    "NotImplementedBySandbox",
    `${service}:${operation} is not implemented by the sandbox. Nothing was changed. ` +
      `Add sandbox/services/${service}/${operation}.ts, or run this against AWS.`,
    { status: 501 },
  );
}

/**
 * Declares a service's state: `export const rdsState = stateOf(() => new RdsState())`, then `rdsState(world)`
 * anywhere gives the one of that world.
 */
export function stateOf<State>(create: (world: World) => State): (world: World) => State {
  const states = new WeakMap<World, State>();
  return (world) => {
    let state = states.get(world);
    if (state === undefined) {
      state = create(world);
      states.set(world, state);
    }
    return state;
  };
}

/** `length` random characters of `alphabet` (for ids as AWS makes them). */
export function randomId(length: number, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}
