import type { DBInstance } from "@aws-sdk/client-rds";

/** On-demand USD an hour of a family's `large` with PostgreSQL, one zone, us-east-1. https://aws.amazon.com/rds/postgresql/pricing/ */
const LARGE_HOUR: Record<string, number> = {
  t3: 0.145,
  t4g: 0.129,
  m5: 0.178,
  m6g: 0.159,
  m6i: 0.178,
  m7g: 0.168,
  r5: 0.25,
  r6g: 0.225,
  r6i: 0.25,
  r7g: 0.239,
};
/** How many of its `large` an instance of a size costs. */
const LARGES: Record<string, number> = {
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
  "24xlarge": 48,
};
/** USD a GiB and month of gp3 storage. */
const GIB_MONTH = 0.115;

/** About what an instance costs a day; null for a class that is not in the table. Another region may ask more. */
export function usdPerDay({
  DBInstanceClass = "",
  AllocatedStorage = 0,
  MultiAZ,
}: DBInstance): number | null {
  const [, family = "", size = ""] = DBInstanceClass.split(".");
  const [hour, larges] = [LARGE_HOUR[family], LARGES[size]];
  if (hour === undefined || larges === undefined) return null;
  const day = hour * larges * 24 + (AllocatedStorage * GIB_MONTH) / 30;
  return Math.round(day * (MultiAZ ? 2 : 1) * 100) / 100;
}
