/**
 * JSONata text of a member of what a catcher caught, at most `length` characters, and `instead` where there is none: a
 * task's time-out has no cause, or an empty one. An expression that failed here would end the execution with no catcher.
 */
export const caughtText = (member: "Error" | "Cause", instead: string, length: number): string =>
  `($states.errorOutput.${member} ? $substring($string($states.errorOutput.${member}), 0, ${length}) : ${JSON.stringify(instead)})`;
