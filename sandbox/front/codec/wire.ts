/** A request as it came over HTTP, before anybody knows its protocol. */
export interface WireRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A request understood: which operation, its input, and how to answer in the caller's own protocol. */
export interface Decoded {
  operation: string;
  input: unknown;
  encode(output: unknown, requestId: string): WireResponse;
}
