import type { Answer } from "dns-packet";
import type { RecordSet } from "../../services/route53/state.ts";

/** Types the server can put on the wire. */
const ENCODERS: Record<string, (value: string) => unknown> = {
  A: (value) => value,
  AAAA: (value) => value,
  CNAME: bareName,
  NS: bareName,
  PTR: bareName,
  TXT: (value) => characterStrings(value),
  MX: (value) => {
    const [preference, exchange] = value.trim().split(/\s+/);
    return { preference: Number(preference), exchange: bareName(exchange ?? "") };
  },
  SRV: (value) => {
    const [priority, weight, port, target] = value.trim().split(/\s+/);
    return {
      priority: Number(priority),
      weight: Number(weight),
      port: Number(port),
      target: bareName(target ?? ""),
    };
  },
  CAA: (value) => {
    const [flags, tag, ...rest] = value.trim().split(/\s+/);
    return { flags: Number(flags), tag, value: characterStrings(rest.join(" ")).join("") };
  },
  SOA: (value) => {
    const [mname, rname, serial, refresh, retry, expire, minimum] = value.trim().split(/\s+/);
    return {
      mname: bareName(mname ?? ""),
      rname: bareName(rname ?? ""),
      serial: Number(serial),
      refresh: Number(refresh),
      retry: Number(retry),
      expire: Number(expire),
      minimum: Number(minimum),
    };
  },
};

/** The answers of a record set under the name that was asked for; empty when the type cannot be encoded. */
export function answersOf(set: RecordSet, name: string, ttl = set.TTL ?? 0): Answer[] {
  const encode = ENCODERS[set.Type];
  if (!encode) return [];
  return (set.ResourceRecords ?? []).map(
    ({ Value }) => ({ name, type: set.Type, class: "IN", ttl, data: encode(Value ?? "") }) as Answer,
  );
}

/** DNS messages carry names without the trailing dot; escapes of the API's form become plain characters. */
export function bareName(name: string): string {
  return name
    .replace(/\.$/, "")
    .replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** `"one" "two"` → one, two; escapes are `\"`, `\\` and octal `\ooo`. */
export function characterStrings(value: string): string[] {
  const found = [...value.matchAll(/"((?:\\.|[^"\\])*)"/g)].map((match) => match[1]!);
  const strings = found.length > 0 ? found : [value];
  return strings.map((each) =>
    each.replace(/\\(\d{3}|.)/g, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
    ),
  );
}
