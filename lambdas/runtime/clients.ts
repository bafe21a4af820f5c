/** Settings of every SDK client: few attempts here, since Step Functions retries with its own back-off. */
export const clientSettings = {
  maxAttempts: 3,
  // Without the last of them the SDK only warns of a request that takes longer, and goes on waiting.
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

/** A client made at its first use and kept for later invocations of the same process. */
export function once<Client>(make: () => Client): () => Client {
  let client: Client | undefined;
  return () => {
    client ??= make();
    return client;
  };
}
