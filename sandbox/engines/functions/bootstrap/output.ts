import { format } from "node:util";

const LEVELS = {
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
  trace: "TRACE",
} as const;

/** What the running invocation is, for the lines that `console` writes. */
export interface OutputContext {
  requestId: string | undefined;
}

/** Sends what the function writes to the sandbox, in order with its answers, in the format Lambda gives it. */
export function installOutput(
  send: (text: string) => void,
  logFormat: "Text" | "JSON",
  context: OutputContext,
  now: () => number,
): void {
  const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    send(typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString("utf8"));
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") process.nextTick(callback as () => void);
    return true;
  };
  process.stdout.write = write as typeof process.stdout.write;
  process.stderr.write = write as typeof process.stderr.write;
  for (const [method, level] of Object.entries(LEVELS)) {
    Object.assign(console, {
      [method]: (...parts: unknown[]) => {
        const message = format(...parts);
        const at = new Date(now()).toISOString();
        send(
          logFormat === "JSON"
            ? `${JSON.stringify({ timestamp: at, level, requestId: context.requestId, message })}\n`
            : `${at}\t${context.requestId ?? "undefined"}\t${level}\t${message.replaceAll("\n", "\r")}\n`,
        );
      },
    });
  }
}
