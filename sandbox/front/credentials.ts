import { randomBytes } from "node:crypto";
import type { Principal } from "../service.ts";
import { randomId, stateOf, type World } from "../world.ts";

/** What an SDK client needs to sign as a principal. */
export interface IssuedCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

interface Issued extends IssuedCredentials {
  principal: Principal;
  /** Sandbox time, epoch milliseconds; undefined for as long as the world lives. */
  expiresAt: number | undefined;
}

const credentials = stateOf(() => new Map<string, Issued>());

/** Issues credentials for a principal: `AKIA…` for the administrator, `ASIA…` with a session token for a role. */
export function issueCredentials(
  world: World,
  principal: Principal,
  options: { expiresAt?: number } = {},
): IssuedCredentials {
  const temporary = principal.type !== "admin";
  const issued: Issued = {
    accessKeyId: `${temporary ? "ASIA" : "AKIA"}${randomId(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    ...(temporary ? { sessionToken: randomBytes(48).toString("base64") } : {}),
    principal,
    expiresAt: options.expiresAt,
  };
  credentials(world).set(issued.accessKeyId, issued);
  const { principal: _, expiresAt: __, ...given } = issued;
  return given;
}

/** The principal and secret behind an access key; undefined when it was never issued here. */
export function credentialsOf(world: World, accessKeyId: string): Issued | undefined {
  return credentials(world).get(accessKeyId);
}
