/** Names as Route 53 stores them (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html). */

/** Lower case, octal escapes for all but letters, digits, hyphen and underscore, trailing dot. */
export function canonicalName(name: string): string {
  const escaped = name.replace(/\\(\d{3})|([^.])/gu, (whole, octal: string | undefined) => {
    if (octal !== undefined) {
      const character = String.fromCharCode(Number.parseInt(octal, 8)).toLowerCase();
      return /[a-z0-9_-]/.test(character) ? character : `\\${octal}`;
    }
    const lower = whole.toLowerCase();
    if (/^[a-z0-9_-]$/.test(lower)) return lower;
    return [...Buffer.from(lower)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  });
  return escaped.endsWith(".") ? escaped : `${escaped}.`;
}

/** The name in the order lists have: labels reversed. */
export function sortKey(canonical: string): string {
  return `${canonical.slice(0, -1).split(".").reverse().join(".")}.`;
}

/** Whether `name` is `zone` or below it; both canonical. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** `/hostedzone/Z1`, `/change/C1` → the bare id. */
export function bareId(id: string | undefined): string {
  return (id ?? "").split("/").at(-1)!;
}
