import { ServiceException } from "../../service.ts";

/** Reason of a Status → its HTTP code. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export const CODES = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
} as const;

/** An answer of the API server that is not the wanted one. `details` as in `Status.details`. */
export function failure(
  reason: keyof typeof CODES,
  message: string,
  details: Record<string, unknown> = {},
): ServiceException {
  return new ServiceException(reason, message, { status: CODES[reason], members: { details } });
}

/** The `Status` object of an error, as the API server answers it. */
export function statusOf(error: unknown): { code: number; body: object } {
  const { code: reason, message, status, members } = asException(error);
  const code = status ?? 500;
  return {
    code,
    body: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      details: members["details"] ?? {},
      code,
    },
  };
}

function asException(error: unknown): ServiceException {
  if (error instanceof ServiceException) return error;
  return failure(
    "InternalError",
    `The sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}
