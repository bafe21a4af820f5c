/**
 * Errors that every service can answer and none declares as a shape. The query and XML protocols and the JSON
 * protocols spell them differently (the `CommonErrors` page of each service's API reference).
 */
const PAIRS: [query: string, json: string][] = [
  ["AccessDenied", "AccessDeniedException"],
  ["Throttling", "ThrottlingException"],
  ["ValidationError", "ValidationException"],
  ["ExpiredToken", "ExpiredTokenException"],
  ["InvalidClientTokenId", "UnrecognizedClientException"],
  ["MissingAuthenticationToken", "MissingAuthenticationTokenException"],
  ["SignatureDoesNotMatch", "InvalidSignatureException"],
  ["ServiceUnavailable", "ServiceUnavailableException"],
  ["InvalidAction", "UnknownOperationException"],
  ["MalformedInput", "SerializationException"],
];

const toQuery = new Map(PAIRS.map(([query, json]) => [json, query]));
const toJson = new Map(PAIRS);

/** The code as the query and XML protocols spell it. */
export const queryCode = (code: string) => toQuery.get(code) ?? code;

/** The code as the JSON protocols spell it. */
export const jsonCode = (code: string) => toJson.get(code) ?? code;
