/** What passes between the sandbox and a function's process. Payloads are JSON text, as Lambda carries them. */

/** Everything a blank process needs to become one function's execution environment. */
export interface StartMessage {
  type: "start";
  /** The whole of `process.env`; nothing of the sandbox's own environment is left. */
  environment: Record<string, string>;
  /** Folder of the unpacked code (`LAMBDA_TASK_ROOT`). */
  folder: string;
  /** `index.handler` */
  handler: string;
  /** The sandbox's clock: sandbox time = origin + (machine time − origin) × speed. */
  clock: { origin: number; speed: number };
  /** The sandbox's DNS server; absent when it has none, then every name but localhost is unknown. */
  dns?: { host: string; port: number };
  /** Whether TLS trusts the sandbox's authority (the function set NODE_EXTRA_CA_CERTS). */
  trustSandboxCa: boolean;
  logFormat: "Text" | "JSON";
}

export interface InvokeMessage {
  type: "invoke";
  requestId: string;
  payload: string;
  traceId: string;
  invokedFunctionArn: string;
  /** Machine time at which the process is ended, epoch milliseconds. */
  deadline: number;
  /** Configured milliseconds for each machine millisecond of the deadline. */
  timeScale: number;
  clientContext?: string;
}

export type ToRuntime = StartMessage | InvokeMessage;

/** A function's error as Lambda answers it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
  [member: string]: unknown;
}

export type FromRuntime =
  | { type: "blank" }
  | { type: "ready" }
  | { type: "init-error"; error: FunctionError }
  | { type: "result"; requestId: string; payload: string }
  /** `fatal`: the process ends after it. */
  | { type: "error"; requestId: string; error: FunctionError; fatal?: boolean }
  | { type: "log"; text: string };

/** To the starter of functions' processes (starter.ts); `id` is the sandbox's number of a process. */
export type ToStarter =
  | { type: "fork"; id: number; env: Record<string, string>; folder: string }
  | { type: "message"; id: number; message: ToRuntime }
  | { type: "kill"; id: number };

export type FromStarter =
  | { type: "message"; id: number; message: FromRuntime }
  | { type: "output"; id: number; text: string }
  /** The process ended; `error`: it could not be started. */
  | {
      type: "gone";
      id: number;
      code: number | null;
      signal: NodeJS.Signals | null;
      error: string | undefined;
    }
  /** Nothing more comes from it, its last words neither. */
  | { type: "closed"; id: number };
