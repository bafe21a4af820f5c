import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ClientConfig } from "../sandbox/front/harness.ts";

/** An answer as it was on the wire. */
interface RawAnswer {
  status: number;
  body: Record<string, unknown>;
}

/**
 * A client that shows what is on the wire: the body that the SDK would have parsed, and a request without the
 * member that the SDK fills in by itself.
 */
export function rawAnswers(config: ClientConfig, without?: string) {
  let answer: RawAnswer | undefined;
  const client = new SecretsManagerClient({
    ...config,
    requestHandler: {
      handle: async (request: {
        headers: Record<string, string>;
        path: string;
        method: string;
        body: string;
      }) => {
        const { host: _, "content-length": __, ...headers } = request.headers;
        const response = await fetch(`${config.endpoint}${request.path}`, {
          method: request.method,
          headers,
          body: request.body,
        });
        answer = { status: response.status, body: (await response.json()) as RawAnswer["body"] };
        throw new Error("Seen on the wire");
      },
    },
  });
  client.middlewareStack.add(
    (next) => (given) => {
      const request = given.request as { body: string };
      const { [without ?? ""]: _, ...members } = JSON.parse(request.body) as Record<string, unknown>;
      request.body = JSON.stringify(members);
      return next(given);
    },
    { step: "build", priority: "high" },
  );
  return {
    client,
    answerOf: async (call: () => Promise<unknown>): Promise<RawAnswer> => {
      const error = await call().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      if (answer === undefined) throw error ?? new Error("The call sent nothing");
      return answer;
    },
  };
}
