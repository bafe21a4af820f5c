import { ServiceException } from "../../service.ts";
import { jsonMistake as mistakeIn } from "../events/pattern/json-mistake.ts";

/** `Invalid parameter: …` */
export const invalid = (what: string) =>
  new ServiceException("InvalidParameterException", `Invalid parameter: ${what}`);

/** What SNS words without the usual beginning. */
export const refused = (message: string) => new ServiceException("InvalidParameterException", message);

export const notFound = (message: string) => new ServiceException("NotFoundException", message);

/** Why a text is no JSON, as SNS says it. */
export function jsonMistake(text: string): string {
  const { reason, column } = mistakeIn(text);
  const source = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";
  return `${reason}\n at [Source: ${source}; line: 1, column: ${column}]`;
}
