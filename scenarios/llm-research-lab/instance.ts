import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { until } from "../until.ts";
import type { LabDatabase, LabEndpoints } from "./database.ts";

const ID = "llm-research-db";

const described = async (rds: RDSClient) =>
  (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: ID }))).DBInstances?.[0];

/** One RDS instance, with the settings a careless restore loses, all set: the drill shows that they come along. */
export const instanceDatabase: LabDatabase = {
  id: ID,

  async create(rds, { network, user, password }) {
    await rds.send(
      new CreateDBParameterGroupCommand({
        DBParameterGroupName: "research-pg17",
        DBParameterGroupFamily: "postgres17",
        Description: "parameters of the research lab",
      }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: ID,
        DBInstanceClass: "db.r6g.xlarge",
        Engine: "postgres",
        DBName: "research",
        MasterUsername: user,
        MasterUserPassword: password,
        AllocatedStorage: 100,
        StorageType: "gp3",
        StorageEncrypted: true,
        MultiAZ: true,
        DeletionProtection: true,
        BackupRetentionPeriod: 7,
        CopyTagsToSnapshot: true,
        EnableIAMDatabaseAuthentication: true,
        EnablePerformanceInsights: true,
        PerformanceInsightsRetentionPeriod: 7,
        PreferredMaintenanceWindow: "tue:05:00-tue:05:30",
        DBSubnetGroupName: network.subnetGroup,
        DBParameterGroupName: "research-pg17",
        VpcSecurityGroupIds: [network.securityGroup],
        Tags: network.tags,
      }),
    );
    let endpoints: LabEndpoints | undefined;
    await until(`${ID} to become available`, async () => {
      const found = await described(rds);
      if (found?.DBInstanceStatus !== "available" || !found.Endpoint?.Address) return false;
      endpoints = { address: found.Endpoint.Address, port: found.Endpoint.Port ?? 5432 };
      return true;
    });
    return endpoints!;
  },

  restorable: async (rds) => (await described(rds))?.LatestRestorableTime !== undefined,

  restored: ({ instance }) => (typeof instance === "string" ? instance : undefined),

  servers: async (_, id) => [id],

  async all(rds) {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.filter(
      ({ DBInstanceIdentifier, DBInstanceStatus }) =>
        DBInstanceIdentifier?.startsWith(ID) && DBInstanceStatus === "available",
    ).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier!);
  },
};
