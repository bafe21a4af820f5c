import {
  type DBInstance,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  type Tag,
} from "@aws-sdk/client-rds";
import { clientSettings, once } from "../clients.ts";

export const rds = once(() => new RDSClient(clientSettings));

/** Statuses from which an instance does not become available by itself (AWS-FACTS §1). */
export const DEAD = [
  "failed",
  "deleting",
  "incompatible-restore",
  "incompatible-parameters",
  "incompatible-network",
  "incompatible-option-group",
  "incompatible-credentials",
  "restore-error",
  "storage-full",
  "inaccessible-encryption-credentials",
];

/** An instance; undefined when there is none of that name. */
export async function findInstance(id: string): Promise<DBInstance | undefined> {
  try {
    return (await rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0];
  } catch (error) {
    if ((error as Error).name === "DBInstanceNotFoundFault") return undefined;
    throw error;
  }
}

/** What RDS can restore an instance to, by its own account. */
export async function restoreWindow(
  instance: string,
): Promise<{ earliest: Date | undefined; latest: Date | undefined }> {
  const { DBInstanceAutomatedBackups } = await rds().send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: instance }),
  );
  const window = DBInstanceAutomatedBackups?.find(({ Status }) => Status === "active")?.RestoreWindow;
  return { earliest: window?.EarliestTime, latest: window?.LatestTime };
}

/** A tag's value. */
export const tagOf = ({ TagList = [] }: { TagList?: Tag[] | undefined }, key: string): string | undefined =>
  TagList.find(({ Key }) => Key === key)?.Value;
