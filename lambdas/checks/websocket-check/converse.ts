/** How a conversation over one WebSocket went. */
export interface Conversation {
  opened: boolean;
  ended: "answered" | "closed" | "silent" | "too much";
  /** In words, when it was not answered. */
  why: string;
  messages: string[];
  milliseconds: number;
}

/** What one conversation may bring at the most. */
const LIMITS = { messages: 100, characters: 1_000_000 };

/**
 * Opens a WebSocket with Node's own client, sends at most one message, and listens until the answer is there, the other
 * side closes, or the time is over. Without `isAnswer` the opening itself is the answer. Never rejects.
 */
export function converse(given: {
  url: string;
  protocols: string[];
  headers: Record<string, string>;
  milliseconds: number;
  send: string | undefined;
  isAnswer: ((message: string) => boolean) | undefined;
}): Promise<Conversation> {
  const begun = performance.now();
  const messages: string[] = [];
  let opened = false;
  let characters = 0;
  return new Promise((resolve) => {
    const { protocols, headers } = given;
    const socket = new WebSocket(given.url, { protocols, headers } as never);
    const end = (ended: Conversation["ended"], why: string) => {
      resolve({ opened, ended, why, messages, milliseconds: performance.now() - begun });
      socket.close();
    };
    AbortSignal.timeout(given.milliseconds).addEventListener("abort", () =>
      end("silent", `${opened ? "no such answer" : "it was not open"} after ${given.milliseconds} ms`),
    );
    socket.addEventListener("open", () => {
      opened = true;
      if (given.send !== undefined) socket.send(given.send);
      if (!given.isAnswer) end("answered", "");
    });
    socket.addEventListener("message", ({ data }: { data: unknown }) => {
      const text = typeof data === "string" ? data : "(binary)";
      messages.push(text);
      characters += text.length;
      if (given.isAnswer?.(text)) end("answered", "");
      else if (messages.length >= LIMITS.messages || characters > LIMITS.characters)
        end("too much", `${messages.length} messages came, none of them the answer`);
    });
    socket.addEventListener("error", (event) => {
      const { error, message } = event as unknown as {
        error?: Error & { cause?: unknown };
        message?: string;
      };
      const cause = error?.cause instanceof Error ? `: ${error.cause.message}` : "";
      end("closed", `${error?.message || message || "the connection failed"}${cause}`);
    });
    socket.addEventListener("close", ({ code, reason }: CloseEvent) =>
      end("closed", `the other side closed it with ${code}${reason ? ` ${reason}` : ""}`),
    );
  });
}
