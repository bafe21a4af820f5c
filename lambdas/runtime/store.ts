import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientSettings, once } from "./clients.ts";

/** The plan's one table: everything a run must find again after a crash or a redeploy. */
export const dynamodb = once(() => new DynamoDBClient(clientSettings));

/** Keys: one partition a service, rows by what they are. */
export const keys = {
  partition: (service: string) => `service#${service}`,
  lock: "LOCK",
  freeze: "FREEZE",
  run: (id: string) => `RUN#${id}`,
  joined: (id: string, event: string) => `RUN#${id}#JOINED#${event}`,
  deployment: (at: string) => `DEPLOYMENT#${at}`,
};
