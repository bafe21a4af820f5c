/**
 * A text from outside on one line, as it is read: no line break that would begin a paragraph of its own in a mail, no
 * control character that a terminal obeys, nothing that turns the order of letters round.
 */
export const oneLine = (text: string): string =>
  text
    .replace(/\p{Cf}/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
