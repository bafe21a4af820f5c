/** A function's error message out of the cause that Step Functions keeps; any other cause as it is. */
export function causeText(cause: string | undefined): string {
  if (!cause) return "no cause was given";
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: unknown } | null;
    return typeof parsed?.errorMessage === "string" ? parsed.errorMessage : cause;
  } catch {
    // Cut off in the middle, or never JSON: the message may still be in it.
    const found = /"errorMessage":"((?:[^"\\]|\\.)*)/.exec(cause)?.[1];
    return found === undefined ? cause : unescaped(found);
  }
}

/** The text that a JSON string stands for; as it is where it was cut off inside an escape. */
function unescaped(json: string): string {
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return json;
  }
}
