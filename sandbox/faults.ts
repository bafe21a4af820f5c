import { type Principal, ServiceException } from "./service.ts";
import type { CallRequest, Interceptor, World } from "./world.ts";

/** What goes wrong with a call. */
export type Harm =
  /** Turned away before anything was done, with the service's own throttling code. */
  | { kind: "throttle" }
  /** Turned away before anything was done, with this code (the shape's name, as in ServiceException). */
  | { kind: "error"; code: string; message?: string; status?: number; members?: Record<string, unknown> }
  /** Done, so many seconds of sandbox time late. */
  | { kind: "delay"; seconds: number }
  /** Neither done nor answered: the caller waits until its own patience ends. */
  | { kind: "hang" }
  /** Done, but the caller never hears of it: over HTTP the connection breaks. */
  | { kind: "lose-reply" }
  /** The caller is killed right before or right after the call is done; `kill` says how. */
  | { kind: "kill"; when: "before" | "after"; kill(request: CallRequest): void | Promise<void> };

/** Which calls are harmed, and how. */
export interface Fault {
  /** Signing name, e.g. `rds`; every service when left out. */
  service?: string;
  /** e.g. `CreateDBSnapshot`; every operation when left out. */
  operation?: string;
  /** Which of the matching calls, counted from 1 since the fault was added; every one when left out. */
  nth?: number | number[];
  /** Only calls of these principals. */
  principal?(principal: Principal): boolean;
  /** Only calls with such an input, in the SDK's shape. */
  input?(input: unknown): boolean;
  harm: Harm;
}

/**
 * The reply to a call that was done never reached the caller.
 *
 * Thrown to callers inside the sandbox; a caller over HTTP sees its connection break. The call's effect stands:
 * whoever retries must find it.
 */
export class ReplyLost extends ServiceException {
  constructor(service: string, operation: string) {
    super(
      "RequestTimeout",
      `The reply to ${service}:${operation} was lost. The call may have been done; look before you repeat it.`,
      {
        status: 408,
      },
    );
  }
}

/** Codes of services that do not call it ThrottlingException. */
const THROTTLING: Record<string, { code: string; message: string; status: number }> = {
  ec2: { code: "RequestLimitExceeded", message: "Request limit exceeded.", status: 503 },
  kubernetes: { code: "TooManyRequests", message: "Too many requests, please try again later.", status: 429 },
  lambda: { code: "TooManyRequestsException", message: "Rate Exceeded.", status: 429 },
  s3: { code: "SlowDown", message: "Please reduce your request rate.", status: 503 },
  sns: { code: "ThrottledException", message: "Rate exceeded", status: 429 },
  sqs: { code: "RequestThrottled", message: "Rate exceeded", status: 400 },
};

/** Harms matching calls of this world until the returned function is called. */
export function addFault(world: World, fault: Fault): () => void {
  const wanted = fault.nth === undefined ? undefined : [fault.nth].flat();
  /** Calls that this fault will harm once they are done. */
  const harmed = new WeakSet<CallRequest>();
  let count = 0;
  const interceptor: Interceptor = {
    async before(request) {
      if (!matches(fault, request)) return;
      count++;
      if (wanted && !wanted.includes(count)) return;
      world.log("faults", `${fault.harm.kind}: ${request.service}:${request.operation}, call ${count}`);
      harmed.add(request);
      await harmBefore(world, fault.harm, request);
    },
    async after(request, result) {
      if (!harmed.delete(request) || result.error !== undefined) return;
      if (fault.harm.kind === "kill" && fault.harm.when === "after") await fault.harm.kill(request);
      else if (fault.harm.kind !== "lose-reply") return;
      throw new ReplyLost(request.service, request.operation);
    },
  };
  world.interceptors.push(interceptor);
  return () => {
    const at = world.interceptors.indexOf(interceptor);
    if (at >= 0) world.interceptors.splice(at, 1);
  };
}

function matches(fault: Fault, request: CallRequest): boolean {
  return (
    (fault.service === undefined || fault.service === request.service) &&
    (fault.operation === undefined || fault.operation === request.operation) &&
    (fault.principal?.(request.principal) ?? true) &&
    (fault.input?.(request.input) ?? true)
  );
}

async function harmBefore(world: World, harm: Harm, request: CallRequest): Promise<void> {
  if (harm.kind === "throttle") {
    const { code, message, status } = THROTTLING[request.service] ?? {
      code: "ThrottlingException",
      message: "Rate exceeded",
      status: 400,
    };
    throw new ServiceException(code, message, { status });
  }
  if (harm.kind === "error") {
    const { code, message = `Injected by a drill: ${code}`, status, members } = harm;
    throw new ServiceException(code, message, {
      ...(status ? { status } : {}),
      ...(members ? { members } : {}),
    });
  }
  if (harm.kind === "hang") {
    await new Promise<void>((resolve) => world.onStop(resolve));
    throw new ReplyLost(request.service, request.operation);
  }
  if (harm.kind === "delay") await world.clock.sleep(harm.seconds * 1000);
  if (harm.kind === "kill" && harm.when === "before") {
    await harm.kill(request);
    throw new ReplyLost(request.service, request.operation);
  }
}
