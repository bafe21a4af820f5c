import {
  CreateDBClusterCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { LabDatabase } from "../llm-research-lab/database.ts";
import { until } from "../until.ts";

const ID = "llm-research-cluster";
const FAMILY = "aurora-postgresql17";
const GROUP = "research-aurora17";

const described = async (rds: RDSClient) =>
  (await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: ID }))).DBClusters?.[0];

/** One Aurora cluster with a writer and a reader, and with the settings a careless restore loses, all set: the drill shows that they come along. */
export const auroraDatabase: LabDatabase = {
  id: ID,

  async create(rds, { network, user, password }) {
    await rds.send(
      new CreateDBClusterParameterGroupCommand({
        DBClusterParameterGroupName: GROUP,
        DBParameterGroupFamily: FAMILY,
        Description: "parameters of the research lab's cluster",
      }),
    );
    await rds.send(
      new CreateDBParameterGroupCommand({
        DBParameterGroupName: GROUP,
        DBParameterGroupFamily: FAMILY,
        Description: "parameters of the research lab's instances",
      }),
    );
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: ID,
        Engine: "aurora-postgresql",
        DatabaseName: "research",
        MasterUsername: user,
        MasterUserPassword: password,
        StorageType: "aurora-iopt1",
        StorageEncrypted: true,
        DeletionProtection: true,
        BackupRetentionPeriod: 7,
        CopyTagsToSnapshot: true,
        EnableIAMDatabaseAuthentication: true,
        PreferredMaintenanceWindow: "tue:05:00-tue:05:30",
        DBSubnetGroupName: network.subnetGroup,
        DBClusterParameterGroupName: GROUP,
        VpcSecurityGroupIds: [network.securityGroup],
        Tags: network.tags,
      }),
    );
    await until(`${ID} to become available`, async () => (await described(rds))?.Status === "available");
    await createInstances(rds, [`${ID}-1`, `${ID}-2`]);
    const { Endpoint = "", ReaderEndpoint, Port = 5432 } = (await described(rds)) ?? {};
    return { address: Endpoint, port: Port, ...(ReaderEndpoint ? { readers: ReaderEndpoint } : {}) };
  },

  restorable: async (rds) => (await described(rds))?.LatestRestorableTime !== undefined,

  restored: ({ cluster }) => (typeof cluster === "string" ? cluster : undefined),

  async servers(rds, id) {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }));
    return DBClusters![0]!.DBClusterMembers!.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier!);
  },

  async all(rds) {
    const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}));
    return DBClusters.filter(
      ({ DBClusterIdentifier, Status }) => DBClusterIdentifier?.startsWith(ID) && Status === "available",
    ).map(({ DBClusterIdentifier }) => DBClusterIdentifier!);
  },
};

/** The first is the writer. */
async function createInstances(rds: RDSClient, names: string[]): Promise<void> {
  for (const DBInstanceIdentifier of names) {
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        DBClusterIdentifier: ID,
        Engine: "aurora-postgresql",
        DBInstanceClass: "db.r6g.xlarge",
        DBParameterGroupName: GROUP,
        EnablePerformanceInsights: true,
        PerformanceInsightsRetentionPeriod: 7,
      }),
    );
    await until(`${DBInstanceIdentifier} to become available`, async () => {
      const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      return DBInstances?.[0]?.DBInstanceStatus === "available";
    });
  }
}
