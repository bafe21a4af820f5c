import { ServiceException } from "../../service.ts";
import type { Message, Queue } from "./state.ts";

/** The message a receipt handle stands for; undefined when it is gone already. Throws for what is no handle. */
function messageOf(queue: Queue, handle: string | undefined): Message | undefined {
  const [id, rest] = Buffer.from(handle ?? "", "base64")
    .toString()
    .split("#");
  if (!id || !rest)
    throw new ServiceException(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  return queue.messages.find((message) => message.id === id);
}

/** Deletes a message; one that is gone already is no error. */
export function removeMessage(queue: Queue, handle: string | undefined): void {
  const message = messageOf(queue, handle);
  queue.messages = queue.messages.filter((each) => each !== message);
}

/** Hides a received message for so many seconds from now. */
export function hide(
  queue: Queue,
  handle: string | undefined,
  seconds: number | undefined,
  now: number,
): void {
  const message = messageOf(queue, handle);
  if (!message || message.visibleAt <= now)
    throw new ServiceException("MessageNotInflight", "The specified message isn't in flight.");
  message.visibleAt = now + (seconds ?? 0) * 1000;
}
