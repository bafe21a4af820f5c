/** A function's error message out of the cause that Step Functions keeps; any other cause as it is. */
export function causeText(cause: string | undefined): string {
  if (!cause) return "no cause was given";
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: string };
    return parsed.errorMessage ?? cause;
  } catch {
    // Cut off in the middle, or never JSON: the message may still be in it.
    return /"errorMessage":"((?:[^"\\]|\\.)*)/.exec(cause)?.[1] ?? cause;
  }
}
