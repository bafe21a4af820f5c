/** A moment as CloudWatch tells it to people: `Friday 21 November, 2026 06:10:00 UTC`. */
export function dayText(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(at);
  const time = new Date(at).toISOString().slice(11, 19);
  return `${part({ weekday: "long" })} ${part({ day: "2-digit" })} ${part({ month: "long" })}, ${part({ year: "numeric" })} ${time} UTC`;
}
