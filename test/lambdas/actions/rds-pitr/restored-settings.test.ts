import type { DBInstance } from "@aws-sdk/client-rds";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absentFromCopy } from "../../../../lambdas/runtime/rds/absent.ts";
import {
  afterwardsChange,
  afterwardsSettings,
  carriedSettings,
  compareSettings,
} from "../../../../lambdas/runtime/rds/settings.ts";

const source: DBInstance = {
  DBInstanceClass: "db.r6g.large",
  Endpoint: { Address: "orders.example", Port: 5433 },
  DBSubnetGroup: { DBSubnetGroupName: "lab-subnets" },
  VpcSecurityGroups: [
    { VpcSecurityGroupId: "sg-1", Status: "active" },
    { VpcSecurityGroupId: "sg-2", Status: "active" },
  ],
  DBParameterGroups: [{ DBParameterGroupName: "lab-parameters" }],
  OptionGroupMemberships: [{ OptionGroupName: "lab-options" }],
  MultiAZ: true,
  AvailabilityZone: "us-east-1a",
  PubliclyAccessible: false,
  DeletionProtection: true,
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  CopyTagsToSnapshot: true,
  AutoMinorVersionUpgrade: false,
  StorageType: "io1",
  AllocatedStorage: 500,
  Iops: 3000,
  MaxAllocatedStorage: 1000,
  BackupRetentionPeriod: 14,
  PreferredBackupWindow: "01:00-02:00",
  CACertificateIdentifier: "rds-ca-rsa4096-g1",
  EngineLifecycleSupport: "open-source-rds-extended-support-disabled",
  NetworkType: "IPV4",
  DedicatedLogVolume: true,
  ProcessorFeatures: [{ Name: "coreCount", Value: "2" }],
  LicenseModel: "postgresql-license",
  MonitoringInterval: 30,
  MonitoringRoleArn: "arn:aws:iam::123456789012:role/monitoring",
  PerformanceInsightsEnabled: true,
  PerformanceInsightsRetentionPeriod: 31,
  DatabaseInsightsMode: "standard",
  PreferredMaintenanceWindow: "sun:05:00-sun:06:00",
};

/** Another value for each setting that a restore would otherwise lose. */
const other: Partial<DBInstance> = {
  DBInstanceClass: "db.t3.micro",
  Endpoint: { Port: 5432 },
  DBSubnetGroup: { DBSubnetGroupName: "default" },
  VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-default" }],
  DBParameterGroups: [{ DBParameterGroupName: "default.postgres17" }],
  OptionGroupMemberships: [{ OptionGroupName: "default:postgres-17" }],
  MultiAZ: false,
  PubliclyAccessible: true,
  DeletionProtection: false,
  IAMDatabaseAuthenticationEnabled: false,
  EnabledCloudwatchLogsExports: [],
  CopyTagsToSnapshot: false,
  AutoMinorVersionUpgrade: true,
  StorageType: "gp3",
  Iops: 1000,
  MaxAllocatedStorage: 600,
  BackupRetentionPeriod: 1,
  PreferredBackupWindow: "03:00-03:30",
  CACertificateIdentifier: "rds-ca-rsa2048-g1",
  EngineLifecycleSupport: "open-source-rds-extended-support",
  DedicatedLogVolume: false,
  ProcessorFeatures: [],
};

describe("what a restore carries over", () => {
  it("is every setting that RDS would otherwise give a default", () => {
    expect(carriedSettings(source)).toEqual({
      DBInstanceClass: "db.r6g.large",
      Port: 5433,
      DBSubnetGroupName: "lab-subnets",
      VpcSecurityGroupIds: ["sg-1", "sg-2"],
      DBParameterGroupName: "lab-parameters",
      OptionGroupName: "lab-options",
      MultiAZ: true,
      PubliclyAccessible: false,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ["postgresql", "upgrade"],
      CopyTagsToSnapshot: true,
      AutoMinorVersionUpgrade: false,
      StorageType: "io1",
      Iops: 3000,
      MaxAllocatedStorage: 1000,
      BackupRetentionPeriod: 14,
      PreferredBackupWindow: "01:00-02:00",
      CACertificateIdentifier: "rds-ca-rsa4096-g1",
      EngineLifecycleSupport: "open-source-rds-extended-support-disabled",
      NetworkType: "IPV4",
      DedicatedLogVolume: true,
      ProcessorFeatures: [{ Name: "coreCount", Value: "2" }],
      LicenseModel: "postgresql-license",
    });
  });

  it("names the AZ of a single-AZ instance, and never together with Multi-AZ", () => {
    expect(carriedSettings({ ...source, MultiAZ: false }).AvailabilityZone).toBe("us-east-1a");
    expect(carriedSettings(source)).not.toHaveProperty("AvailabilityZone");
  });

  it("leaves out IOPS and throughput that gp3 below 400 GiB does not take", () => {
    const small = { ...source, StorageType: "gp3", AllocatedStorage: 399, StorageThroughput: 125 };

    expect(carriedSettings(small)).not.toHaveProperty("Iops");
    expect(carriedSettings(small)).not.toHaveProperty("StorageThroughput");
    expect(carriedSettings({ ...small, AllocatedStorage: 400 })).toMatchObject({
      Iops: 3000,
      StorageThroughput: 125,
    });
  });
});

describe("what a copy will lack", () => {
  it("is told for each: roles, directory, managed password, replicas, backups elsewhere, activity stream", () => {
    const lines = absentFromCopy({
      ...source,
      AssociatedRoles: [{ FeatureName: "s3Import", RoleArn: "arn:aws:iam::123456789012:role/import" }],
      DomainMemberships: [{ Domain: "d-1", FQDN: "corp.example" }],
      MasterUserSecret: { SecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1" },
      ReadReplicaDBInstanceIdentifiers: ["orders-reader"],
      DBInstanceAutomatedBackupsReplications: [{ DBInstanceAutomatedBackupsArn: "arn:of:backups" }],
      ActivityStreamStatus: "started",
      ActivityStreamKinesisStreamName: "aws-rds-das-1",
    });

    expect(lines).toEqual([
      expect.stringContaining("role/import for s3Import"),
      expect.stringContaining("corp.example"),
      expect.stringContaining("secret:rds!db-1 stays the source's"),
      expect.stringContaining("orders-reader"),
      expect.stringContaining("aws-rds-das-1"),
      expect.stringContaining("arn:of:backups"),
    ]);
  });

  it("is nothing for an instance that has none of it", () => {
    expect(absentFromCopy({ ...source, AssociatedRoles: [], ActivityStreamStatus: "stopped" })).toEqual([]);
  });
});

describe("the comparison with the source", () => {
  const compare = (restored: DBInstance) =>
    compareSettings(carriedSettings(source), afterwardsSettings(source), restored);

  it("finds nothing in an instance with the same settings, in whatever order their lists are", () => {
    expect(
      compare({
        ...source,
        VpcSecurityGroups: source.VpcSecurityGroups!.toReversed(),
        EnabledCloudwatchLogsExports: ["upgrade", "postgresql"],
        AvailabilityZone: "us-east-1c",
      }),
    ).toEqual({ drift: [], afterwards: [] });
  });

  it.each(Object.keys(other) as (keyof DBInstance)[])("finds %s alone when only that differs", (setting) => {
    const { drift, afterwards } = compare({ ...source, [setting]: other[setting] });

    expect(drift).toHaveLength(1);
    expect(drift[0]).toMatch(/^\w+: .+ → .+$/);
    expect(afterwards).toEqual([]);
  });

  it("finds every setting that differs, however many do", () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(other) as (keyof DBInstance)[]), (settings) => {
        const changed = Object.fromEntries(settings.map((name) => [name, other[name]]));
        expect(compare({ ...source, ...changed }).drift).toHaveLength(settings.length);
      }),
    );
  });

  it("finds a setting that is missing altogether", () => {
    const { DeletionProtection: _, ...without } = source;

    expect(compare(without).drift).toEqual(["DeletionProtection: true → null"]);
  });
});

describe("what only ModifyDBInstance can set", () => {
  const wanted = afterwardsSettings(source);

  it("is told apart from drift, and asked for with what goes together", () => {
    const restored = { ...source, MonitoringInterval: 0, MonitoringRoleArn: undefined };

    expect(compareSettings(carriedSettings(source), wanted, restored)).toEqual({
      drift: [],
      afterwards: [
        "MonitoringInterval: 30 → 0",
        'MonitoringRoleArn: "arn:aws:iam::123456789012:role/monitoring" → null',
      ],
    });
    expect(afterwardsChange(wanted, restored)).toEqual({
      MonitoringInterval: 30,
      MonitoringRoleArn: "arn:aws:iam::123456789012:role/monitoring",
    });
  });

  it("is nothing when all of it is there: no call is made", () => {
    expect(afterwardsChange(wanted, source)).toBeUndefined();
  });

  it("asks for no retention of insights that are switched off", () => {
    const off = afterwardsSettings({ ...source, PerformanceInsightsEnabled: false });

    expect(afterwardsChange(off, source)).toEqual({
      EnablePerformanceInsights: false,
      DatabaseInsightsMode: "standard",
    });
  });

  it("leaves nothing to ask for once it was done", () => {
    const settable = [
      "MonitoringInterval",
      "PerformanceInsightsEnabled",
      "PreferredMaintenanceWindow",
    ] as const;
    const values = {
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: false,
      PreferredMaintenanceWindow: "x",
    };
    fc.assert(
      fc.property(fc.subarray([...settable]), (lost) => {
        const restored: DBInstance = { ...source };
        for (const name of lost) Object.assign(restored, { [name]: values[name] });
        const { EnablePerformanceInsights, ...change } = afterwardsChange(wanted, restored) ?? {};
        const done = {
          ...restored,
          ...change,
          ...(EnablePerformanceInsights === undefined
            ? {}
            : { PerformanceInsightsEnabled: EnablePerformanceInsights }),
        };
        expect(afterwardsChange(wanted, done as DBInstance)).toBeUndefined();
      }),
    );
  });
});
