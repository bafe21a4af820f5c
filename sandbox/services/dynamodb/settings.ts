import type { PointInTimeRecoverySpecification, TimeToLiveSpecification } from "@aws-sdk/client-dynamodb";
import { stateOf, type World } from "../../world.ts";
import { ask } from "./engine.ts";

/** Settings of a table that dynalite does not keep. */
export interface TableSettings {
  pointInTimeRecovery?: PointInTimeRecoverySpecification & { enabledAt: number };
  timeToLive?: TimeToLiveSpecification;
  deletionProtection?: boolean;
  encryption?: { enabled: boolean; type: string; keyArn?: string };
  /** Name of the partition key, for `dynamodb:LeadingKeys`. */
  hashKey?: string;
}

const settings = stateOf(() => new Map<string, TableSettings>());

/** The table's settings, made when first asked for. */
export function settingsOf(world: World, table: string): TableSettings {
  const all = settings(world);
  const found = all.get(table) ?? {};
  all.set(table, found);
  return found;
}

export function forgetSettings(world: World, table: string): void {
  settings(world).delete(table);
}

/** Throws DynamoDB's own error for a table that does not exist. Only inside `exclusively`. */
export async function mustExist(world: World, table: string): Promise<void> {
  await ask(world, "DescribeTable", { TableName: table });
}
