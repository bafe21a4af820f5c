import { InvalidArgumentError } from "commander";

/**
 * Reads an option's number; what is none is wrong usage, and nothing is begun with it.
 *
 * @throws InvalidArgumentError, which commander shows with the option's name and exit code 2.
 */
export function numberOf({
  least,
  most = Number.MAX_SAFE_INTEGER,
  whole = false,
}: {
  least: number;
  most?: number;
  whole?: boolean;
}): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    const upper = most === Number.MAX_SAFE_INTEGER ? " or more" : ` to ${most}`;
    throw new InvalidArgumentError(`Write a ${whole ? "whole " : ""}number, ${least}${upper}.`);
  };
}
