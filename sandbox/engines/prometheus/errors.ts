/**
 * A query that Prometheus refuses, with the type and status of its API.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
 */
export class QueryRefused extends Error {
  readonly errorType: "bad_data" | "execution";

  constructor(errorType: "bad_data" | "execution", message: string) {
    super(message);
    this.errorType = errorType;
  }

  /** 400: the query is wrong; 422: it could not be evaluated. */
  get status(): number {
    return this.errorType === "bad_data" ? 400 : 422;
  }
}

/** A query that is right, and that this engine cannot evaluate: said, never guessed. */
export class BeyondEngine extends Error {}
