/**
 * Text for a terminal. What a run found – rows of a database, errors of a service – is in what an operator reads before he
 * decides: no control character of it moves the cursor, colours or erases, and nothing turns the order of letters round.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
