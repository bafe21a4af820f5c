import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { certificateFor } from "../../engines/ca.ts";
import { allocateHost, releaseHost } from "../../engines/hosts.ts";
import { type BaseBackup, takeBaseBackup } from "../../engines/postgres/backup.ts";
import { Cluster } from "../../engines/postgres/cluster.ts";
import { type RecoveryTarget, recover } from "../../engines/postgres/recovery.ts";
import { ServiceException } from "../../service.ts";
import { randomId, type World } from "../../world.ts";
import { clusterState, volumeName } from "./cluster-state.ts";
import { resumeHeartbeat, startHeartbeat } from "./heartbeat.ts";
import { applySecurityGroups } from "./security-groups.ts";
import {
  endpointName,
  eventSource,
  type Instance,
  type InstanceSettings,
  rdsState,
  recordEvent,
} from "./state.ts";

const QUOTA = 40;

/** What a restore begins with. */
export interface Origin {
  backup: BaseBackup;
  archive: string;
  target: RecoveryTarget;
  superuserPassword: string;
}

/** What a new instance, or an Aurora cluster's volume, begins with. */
export interface Given {
  id: string;
  settings: InstanceSettings;
  port: number;
  masterPassword: string;
  superuserPassword?: string;
  tags: Instance["tags"];
}

/** Registers a new instance in status `creating`; its PostgreSQL is made by {@link bringUp}. */
export async function addInstance(world: World, given: Given): Promise<Instance> {
  const state = rdsState(world);
  if (state.instances.has(given.id))
    throw new ServiceException("DBInstanceAlreadyExistsFault", "DB instance already exists");
  if (state.instances.size >= QUOTA)
    throw new ServiceException(
      "InstanceQuotaExceededFault",
      "You have reached the maximum number of DB instances for your account.",
    );
  const instance = newInstance(world, given, `db-${randomId(26)}`);
  state.instances.set(given.id, instance);
  try {
    await giveServer(world, instance, endpointName(world, given.id));
  } catch (error) {
    state.instances.delete(given.id);
    throw error;
  }
  return instance;
}

/** In status `creating`, without a server. */
export const newInstance = (world: World, given: Given, resourceId: string): Instance => ({
  id: given.id,
  resourceId,
  status: "creating",
  settings: given.settings,
  port: given.port,
  masterPassword: given.masterPassword,
  superuserPassword: given.superuserPassword ?? randomBytes(18).toString("base64url"),
  tags: given.tags,
  createdAt: world.clock.now(),
  cluster: undefined as never,
  backups: [],
  restorableUntil: undefined,
  caFile: "",
  stopHeartbeat: () => undefined,
  busy: Promise.resolve(),
});

/** An address under a name, and a server there that is not started yet; its certificate is for these names. */
export async function giveServer(
  world: World,
  instance: Instance,
  name: string,
  names = [name],
): Promise<void> {
  const { address } = await allocateHost(world, name, [instance.port]);
  const { caFile, certPem, keyPem } = await certificateFor(world, [...names, address]);
  instance.caFile = caFile;
  instance.cluster = new Cluster({
    binaries: rdsState(world).binaries,
    folder: join(world.root, "rds", instance.resourceId),
    address,
    port: instance.port,
    superuserPassword: instance.superuserPassword,
    certPem,
    keyPem,
  });
}

/** Makes (or recovers) the instance's PostgreSQL in the background; the instance becomes `available`, or `failed`. */
export function bringUp(world: World, instance: Instance, origin?: Origin): void {
  const source = eventSource(world, instance);
  instance.busy = (async () => {
    try {
      if (origin) await recover(instance.cluster, origin.backup, origin.archive, origin.target);
      else {
        await instance.cluster.initialize();
        instance.cluster.configure();
        await instance.cluster.start();
        await createMaster(instance);
      }
      if (origin && origin.target !== "consistent")
        recordEvent(
          world,
          source,
          `Restored from DB instance to a point in time.`,
          "notification",
          "RDS-EVENT-0019",
        );
      else recordEvent(world, source, "DB instance created", "creation", "RDS-EVENT-0005");
      await applySecurityGroups(world, instance);
      if ((instance.settings.BackupRetentionPeriod ?? 0) > 0) {
        instance.status = "backing-up";
        await automatedBackup(world, instance);
        await startHeartbeat(world, instance);
      }
      instance.status = "available";
    } catch (error) {
      instance.status = origin ? "incompatible-restore" : "failed";
      world.log("rds", `${instance.id} ${instance.status}: ${(error as Error).message}`);
      recordEvent(world, source, `The DB instance is ${instance.status}.`, "failure", "RDS-EVENT-0031");
    }
  })();
}

/** Adds an automated base backup. */
export async function automatedBackup(world: World, instance: Instance): Promise<void> {
  instance.backups.push(await takeBaseBackup(instance.cluster));
  recordEvent(world, eventSource(world, instance), "Finished DB Instance backup", "backup", "RDS-EVENT-0002");
}

/** The customer's master user: no superuser, but may make roles and databases and end sessions, as rds_superuser may. */
async function createMaster({ cluster, settings, masterPassword }: Instance): Promise<void> {
  const user = pg.escapeIdentifier(settings.MasterUsername!);
  await cluster.query("CREATE ROLE rds_superuser NOLOGIN");
  await cluster.query(
    `CREATE ROLE ${user} LOGIN CREATEROLE CREATEDB PASSWORD ${pg.escapeLiteral(masterPassword)}`,
  );
  await cluster.query(
    `GRANT pg_monitor, pg_signal_backend, pg_read_all_data, pg_checkpoint, rds_superuser TO ${user} WITH ADMIN OPTION`,
  );
  const database = settings.DBName;
  if (database && database !== "postgres")
    await cluster.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${user}`);
  await cluster.query(`ALTER SCHEMA public OWNER TO ${user}`, [], database ?? "postgres");
}

/** Sets the master user's password, as ModifyDBInstance does. */
export async function setMasterPassword(instance: Instance, password: string): Promise<void> {
  await instance.cluster.query(
    `ALTER ROLE ${pg.escapeIdentifier(instance.settings.MasterUsername!)} PASSWORD ${pg.escapeLiteral(password)}`,
  );
  instance.masterPassword = password;
}

/** Stops the server; with `remove` its address and its files go too, unless a snapshot still needs the files. */
export async function takeDown(world: World, instance: Instance, remove: boolean): Promise<void> {
  instance.stopHeartbeat();
  if (world.stopping) await instance.cluster.discard();
  await instance.busy;
  await instance.cluster.stop();
  if (!remove) return;
  releaseHost(
    world,
    instance.volumeOf === undefined ? endpointName(world, instance.id) : volumeName(instance),
  );
  const { archive, options } = instance.cluster;
  const needed =
    [...rdsState(world).snapshots.values()].some((snapshot) => snapshot.archive === archive) ||
    [...clusterState(world).snapshots.values()].some(({ source }) => source.volume === instance);
  if (!needed) rmSync(options.folder, { recursive: true, force: true });
}

/** Starts a stopped server again. */
export async function startAgain(world: World, instance: Instance): Promise<void> {
  await instance.cluster.start();
  if ((instance.settings.BackupRetentionPeriod ?? 0) > 0) resumeHeartbeat(world, instance);
}
