import { randomBytes } from "node:crypto";

/** An id that nobody can guess: 256 bits in 43 characters that a URL takes as they are. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** What {@link newSecret} makes, and nothing else. */
export const SECRET = /^[A-Za-z0-9_-]{43}$/;
