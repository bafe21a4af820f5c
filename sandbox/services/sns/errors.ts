import { ServiceException } from "../../service.ts";

/** `Invalid parameter: …` */
export const invalid = (what: string) =>
  new ServiceException("InvalidParameterException", `Invalid parameter: ${what}`);

/** What SNS words without the usual beginning. */
export const refused = (message: string) => new ServiceException("InvalidParameterException", message);

export const notFound = (message: string) => new ServiceException("NotFoundException", message);

const SOURCE =
  "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: ";

/** Why a text is no JSON, as SNS's own parser says it for the commonest mistakes. */
export function jsonMistake(text: string): string {
  const word = /^\s*([A-Za-z_]\w*)/.exec(text)?.[1];
  if (word !== undefined && !["null", "true", "false"].includes(word)) {
    const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    return `Unrecognized token '${word}': was expecting ${expected}\n at ${SOURCE}${text.indexOf(word) + word.length + 1}]`;
  }
  const open = /^\s*\{\s*([^"}\s])/.exec(text);
  if (open) {
    const character = open[1]!;
    return (
      `Unexpected character ('${character}' (code ${character.codePointAt(0)})): was expecting double-quote to start field name` +
      `\n at ${SOURCE}${open[0].length}]`
    );
  }
  return `Unexpected end-of-input or character\n at ${SOURCE}${text.length + 1}]`;
}
