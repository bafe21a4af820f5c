import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientSettings, once } from "./clients.ts";

/** The plan's one table: everything a run must find again after a crash or a redeploy. */
export const dynamodb = once(() => new DynamoDBClient(clientSettings));

/** Keys: one partition a service, rows by what they are. */
export const keys = {
  partition: (service: string) => `service#${service}`,
  lock: "LOCK",
  freeze: "FREEZE",
  preflight: "PREFLIGHT",
  ramp: "RAMP",
  run: (id: string) => `RUN#${id}`,
  joined: (id: string, event: string) => `RUN#${id}#JOINED#${event}`,
  /** Beside the runs, never among them. */
  practice: (id: string) => `PRACTICE#${id}`,
  deployment: (at: string) => `DEPLOYMENT#${at}`,
};

/** Keys of what telling people has to remember: a partition of its own, so that its functions can write no other. */
export const tellKeys = {
  partition: (service: string) => `tell#${service}`,
  /** Mails of an audience in the present minute, and what was folded. */
  flood: (audience: string) => `FLOOD#${audience}`,
  /** The service's escalation ladder, open or not. */
  ladder: "LADDER",
  /** Written when a run's verification has passed. */
  restored: (run: string) => `RESTORED#${run}`,
};
