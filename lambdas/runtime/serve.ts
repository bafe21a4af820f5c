import { Logger } from "@aws-lambda-powertools/logger";
import middy from "@middy/core";
import type { Context as LambdaContext } from "aws-lambda";
import { type Context, processContext } from "./context.ts";
import { translated } from "./errors.ts";
import type { RunContext } from "./protocol.ts";
import { redact } from "./redact.ts";

const logger = new Logger({ serviceName: "rollback-watchdog" });

/**
 * The one middy stack. Its middlewares return nothing and never answer for an error: whatever goes wrong reaches
 * Step Functions under its own name (STYLE: middy).
 */
export function serve<Event, Answer>(
  name: string,
  handle: (event: Event, context: Context) => Promise<Answer>,
) {
  return middy<Event, Answer, Error, LambdaContext>()
    .use({
      before: function keepKeys({ event, context }) {
        const { run, step, check, verb } = (event ?? {}) as {
          run?: RunContext;
          step?: { id: string };
          check?: { id: string };
          verb?: string;
        };
        logger.resetKeys();
        logger.appendKeys({
          function: name,
          request: context.awsRequestId,
          run: run?.id,
          step: step?.id,
          check: check?.id,
          verb,
        });
        logger.info("called");
      },
      after: function logAnswer({ response }) {
        logger.info("answered", { answer: redact(response) as object });
      },
      onError: function logError({ error }) {
        logger.error("failed", { error: error as Error });
      },
    })
    .handler(async (event: Event) => {
      try {
        return await handle(event, processContext());
      } catch (error) {
        throw translated(error);
      }
    });
}
