import { createHash } from "node:crypto";

const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** A short hash in the letters that Kubernetes uses for generated names, which spell no words. */
export const digestOf = (text: string): string =>
  [...createHash("sha256").update(text).digest().subarray(0, 10)]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join("");
