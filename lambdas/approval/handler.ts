import type { AskEvent, SettleEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { ask } from "./ask.ts";
import { settle } from "./settle.ts";

/** Asks the approvers; and, after the wait, tells the run what came of it. */
export const handler = serve("approval", async (event: AskEvent | SettleEvent, context) =>
  event.verb === "ask" ? ask(event, context) : settle(event, context),
);
