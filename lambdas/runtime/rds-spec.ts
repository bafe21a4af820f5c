import * as z from "zod";
import { type ArnBuilder, allow, type Permission } from "./spec.ts";

export const InstanceName = z
  .string()
  .regex(
    /^[a-z](?!.*--)[a-z0-9-]{0,62}$/,
    "an RDS instance identifier: 1-63 lower-case letters, digits, hyphens",
  );

/** An Aurora cluster's identifier: the rules of instances. */
export const ClusterName = InstanceName.describe("identifier of the DB cluster");

/** How long before a moment, e.g. `30s`. */
export const Margin = z.string().regex(/^\d+(s|m|h)$/, 'a duration such as "30s"');

/** The moment that a restore goes back to. */
export const Moment = z
  .union([z.enum(["before-deployment", "before-alarm", "latest"]), z.iso.datetime()])
  .describe(
    "the moment: before the recorded deployment, before the alarm's window, the latest restorable one, or an ISO 8601 time",
  );

/** Where a database answers. */
export const EndpointOutput = z.strictObject({
  address: z.string().describe("DNS name"),
  port: z.number().describe("TCP port"),
});

/** What a restored instance is known by to the steps after. */
export const restoredOutputs = {
  instance: z.string().describe("identifier of the restored DB instance"),
  endpoint: EndpointOutput.describe("where the restored instance answers"),
  differences: z.array(z.string()).optional().describe("settings that differ from the source's"),
};

/** What a step that takes a snapshot finds first. */
export const snapshotBefore = { source: z.string(), arn: z.string(), snapshot: z.string() };

/** What is known of a snapshot. */
export const snapshotOutputs = {
  snapshot: z.string().describe("identifier of the snapshot"),
  arn: z.string().describe("ARN of the snapshot"),
  takenAt: z.string().describe("when RDS took it, ISO 8601"),
};

/**
 * What `madeName` gives whatever run and step are, as IAM writes it: the base as it is cut, the mark, and eight characters
 * of a digest. Not `<base>*`: another service's instance may begin with this one's name.
 */
export const madeNames = (base: string, mark: "r" | "p" = "r", longest = 63): string =>
  `${base.slice(0, longest - 11).replace(/-+$/, "")}-${mark}-????????`.toLowerCase();

/**
 * What every restore of an instance to a moment may do: nothing to the source but restore from it. `mark`: of what is
 * made, `p` for what a practice makes.
 */
export function restorePermissions(
  instance: string,
  arn: ArnBuilder,
  mark: "r" | "p" = "r",
): { read: Permission[]; write: Permission[] } {
  const source = arn.of("rds", `db:${instance}`);
  const target = arn.of("rds", `db:${madeNames(instance, mark)}`);
  const groups = ["subgrp:*", "pg:*", "og:*"].map((kind) => arn.of("rds", kind));
  const read = [
    allow("rds:DescribeDBInstances", [source, target]),
    allow("rds:DescribeDBInstanceAutomatedBackups", arn.of("rds", "auto-backup:*")),
  ];
  return {
    read,
    write: [
      ...read,
      allow("rds:RestoreDBInstanceToPointInTime", [source, target, ...groups]),
      allow("rds:AddTagsToResource", target),
      allow("rds:ModifyDBInstance", target),
    ],
  };
}

/** Reads the login of a database from Secrets Manager. */
export const readsLogin = (secret: string, arn: ArnBuilder): Permission =>
  allow(
    "secretsmanager:GetSecretValue",
    secret.startsWith("arn:") ? secret : arn.of("secretsmanager", `secret:${secret}-??????`),
  );
