import { randomBytes } from "node:crypto";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";

/** How long lines are gathered before they are sent, machine milliseconds. */
const GATHER_MILLISECONDS = 200;
/** CloudWatch Logs takes at most 10,000 events a call. */
const MAX_EVENTS = 10_000;

interface Line {
  timestamp: number;
  message: string;
}

/** The log stream of one execution environment; lines go to CloudWatch Logs under the function's role. */
export class LogStream {
  readonly name: string;
  readonly #world: World;
  readonly #group: string;
  readonly #roleArn: string;
  #buffer: Line[] = [];
  #partial = "";
  #created = false;
  #sending: Promise<void> = Promise.resolve();
  #scheduled = false;
  /** Receives each line as it is written, for the tail of an invocation's log. */
  onLine: (line: string) => void = () => {};

  constructor(world: World, options: { group: string; roleArn: string; version: string }) {
    this.#world = world;
    this.#group = options.group;
    this.#roleArn = options.roleArn;
    const day = new Date(world.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
    this.name = `${day}/[${options.version}]${randomBytes(16).toString("hex")}`;
  }

  /** Takes output as it comes; what has no line end yet waits for it. */
  write(text: string): void {
    const lines = (this.#partial + text).split("\n");
    this.#partial = lines.pop()!;
    for (const line of lines) this.line(line);
  }

  /** One line of Lambda's own. */
  line(message: string): void {
    this.#buffer.push({ timestamp: Math.floor(this.#world.clock.now()), message });
    this.onLine(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#world.clock.after(GATHER_MILLISECONDS * this.#world.clock.speed, () => this.flush());
  }

  /** Ends an unfinished line, as an invocation's end does. */
  endLine(): void {
    if (this.#partial === "") return;
    const line = this.#partial;
    this.#partial = "";
    this.line(line);
  }

  /** Sends what was gathered. */
  flush(): void {
    this.#scheduled = false;
    if (this.#buffer.length === 0) return;
    const lines = this.#buffer.splice(0);
    this.#sending = this.#sending
      .then(() => this.#send(lines))
      .catch((error: Error) => {
        // Lambda loses the log of a function whose role may not write it, without failing the function.
        this.#world.warnOnce(`The log of ${this.#group} is lost: ${error.message}`);
      });
  }

  async #send(lines: Line[]): Promise<void> {
    if (!this.#created) {
      await this.#tolerating("ResourceAlreadyExistsException", "CreateLogStream", {
        logStreamName: this.name,
      }).catch(async (error: unknown) => {
        if (!(error instanceof ServiceException) || error.code !== "ResourceNotFoundException") throw error;
        await this.#tolerating("ResourceAlreadyExistsException", "CreateLogGroup", {});
        await this.#call("CreateLogStream", { logStreamName: this.name });
      });
      this.#created = true;
    }
    for (let from = 0; from < lines.length; from += MAX_EVENTS)
      await this.#call("PutLogEvents", {
        logStreamName: this.name,
        logEvents: lines
          .slice(from, from + MAX_EVENTS)
          .map((line) => ({ ...line, message: line.message || " " })),
      });
  }

  async #tolerating(code: string, operation: string, input: object): Promise<void> {
    try {
      await this.#call(operation, input);
    } catch (error) {
      if (!(error instanceof ServiceException) || error.code !== code) throw error;
    }
  }

  #call(operation: string, input: object): Promise<unknown> {
    return this.#world.call({
      service: "logs",
      operation,
      input: { logGroupName: this.#group, ...input },
      principal: { type: "role", roleArn: this.#roleArn, sessionName: this.#group.split("/").at(-1)! },
    });
  }
}
