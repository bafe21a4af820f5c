const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a plan's duration (`30s`, `2m`, `1h`, `7d`). Throws RangeError for anything else. */
export function seconds(duration: string): number {
  const match = /^(\d+)([smhd])$/.exec(duration);
  if (!match)
    throw new RangeError(`"${duration}" is no duration; write a number and s, m, h or d, for example "30s"`);
  return Number(match[1]) * UNITS[match[2]!]!;
}

/** Seconds as people read them: `90` → "1 min 30 s". */
export function durationText(total: number): string {
  const whole = Math.round(total);
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ].filter(([amount]) => Number(amount) > 0);
  return parts.length === 0 ? "0 s" : parts.map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}
