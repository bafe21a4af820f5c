import type { RDSClient } from "@aws-sdk/client-rds";

/** Where the lab's database stands; every setting that a careless restore loses is made for it. */
export interface LabNetwork {
  securityGroup: string;
  subnetGroup: string;
  /** The lab's own tags, which must come along. */
  tags: { Key: string; Value: string }[];
}

/** Where a database answers. */
export interface LabEndpoints {
  address: string;
  port: number;
  /** Where its readers answer, where it has a name of their own for them. */
  readers?: string;
}

/** What of the research lab differs between an RDS instance and an Aurora cluster. */
export interface LabDatabase {
  /** Identifier of what is broken: of an instance or a cluster. */
  id: string;
  /** Makes it with the database `research`; resolves when it is available. */
  create(
    rds: RDSClient,
    given: { network: LabNetwork; user: string; password: string },
  ): Promise<LabEndpoints>;
  /** Whether a moment of it can be restored by now. */
  restorable(rds: RDSClient): Promise<boolean>;
  /** Identifier of what a step restored, from its change. */
  restored(after: Record<string, unknown>): string | undefined;
  /** Identifiers of the instances that answer for one. */
  servers(rds: RDSClient, id: string): Promise<string[]>;
  /** Every available one of the lab's, what was restored with it. */
  all(rds: RDSClient): Promise<string[]>;
}
