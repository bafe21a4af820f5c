import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineClock } from "./clock.ts";
import { type Deployed, deployTemplate } from "./deploy/index.ts";
import { certificateFor, type Flaw } from "./engines/ca.ts";
import { startDns } from "./engines/dns.ts";
import { createDistribution } from "./engines/edge.ts";
import { createHost, type ManagedHost } from "./engines/host/index.ts";
import { allocateHost, portOffset } from "./engines/hosts.ts";
import { type ClusterAdmin, clusterAdmin, kubernetes, pushImage } from "./engines/kubernetes/index.ts";
import { startMail } from "./engines/mail.ts";
import { type IssuedCredentials, issueCredentials } from "./front/credentials.ts";
import { installIam } from "./front/iam/index.ts";
import { openFrontDoor } from "./front/server.ts";
import { appconfig } from "./services/appconfig/index.ts";
import { createApplicationWithIds, type ReadyMade } from "./services/appconfig/ready-made.ts";
import { applicationAutoscaling } from "./services/application-autoscaling/index.ts";
import { aps } from "./services/aps/index.ts";
import { makeWorkspace, writeSamples } from "./services/aps/state.ts";
import { arcRegionSwitch } from "./services/arc-region-switch/index.ts";
import { cloudfront } from "./services/cloudfront/index.ts";
import { codebuild } from "./services/codebuild/index.ts";
import { codepipeline } from "./services/codepipeline/index.ts";
import { dynamodb } from "./services/dynamodb/index.ts";
import { ec2 } from "./services/ec2/index.ts";
import { ecr } from "./services/ecr/index.ts";
import { ecs } from "./services/ecs/index.ts";
import { eks } from "./services/eks/index.ts";
import { elasticloadbalancing } from "./services/elasticloadbalancing/index.ts";
import { events } from "./services/events/index.ts";
import { iam } from "./services/iam/index.ts";
import { lambda } from "./services/lambda/index.ts";
import { logs } from "./services/logs/index.ts";
import { monitoring } from "./services/monitoring/index.ts";
import { clusterConnection, clusterState } from "./services/rds/cluster-state.ts";
import { rds } from "./services/rds/index.ts";
import { connectionOf } from "./services/rds/state.ts";
import { route53 } from "./services/route53/index.ts";
import { createHostedZoneWithId } from "./services/route53/state.ts";
import { openCluster, type RecoveryCluster } from "./services/route53-recovery-cluster/endpoints.ts";
import { route53RecoveryCluster } from "./services/route53-recovery-cluster/index.ts";
import { makeControlPanel } from "./services/route53-recovery-cluster/state.ts";
import { s3 } from "./services/s3/index.ts";
import { scheduler } from "./services/scheduler/index.ts";
import { secretsmanager } from "./services/secretsmanager/index.ts";
import { sns } from "./services/sns/index.ts";
import { sqs } from "./services/sqs/index.ts";
import { ssm } from "./services/ssm/index.ts";
import { states } from "./services/states/index.ts";
import { sts } from "./services/sts/index.ts";
import { World } from "./world.ts";

export { nginxProgram } from "./engines/host/index.ts";
export { endProcesses, OWN_SESSION, ownProcess } from "./engines/processes.ts";
export { imageManifest } from "./services/ecs/program.ts";

/** In the order they start; a service may use those before it when it starts. */
const SERVICES = [
  iam,
  sts,
  logs,
  ec2,
  s3,
  sqs,
  dynamodb,
  secretsmanager,
  sns,
  ssm,
  appconfig,
  events,
  monitoring,
  lambda,
  states,
  scheduler,
  route53,
  rds,
  eks,
  kubernetes,
  ecr,
  elasticloadbalancing,
  ecs,
  applicationAutoscaling,
  codebuild,
  codepipeline,
  cloudfront,
  aps,
  arcRegionSwitch,
  route53RecoveryCluster,
];

export interface SandboxOptions {
  /** Sandbox seconds for each machine second; 60 unless given. */
  speed?: number;
  /** Folder for everything it writes; a new temporary one, removed at the end, unless given. */
  root?: string;
  /** Port of the front door; any free one unless given. */
  port?: number;
  region?: string;
}

/** A running sandbox: one AWS account on this machine. */
export interface Sandbox {
  world: World;
  /** What AWS_ENDPOINT_URL must be. */
  endpoint: string;
  region: string;
  account: string;
  adminCredentials: IssuedCredentials;
  dns: { host: string; port: number };
  smtp: { host: string; port: number };
  /** Every mail as .eml. */
  mailFolder: string;
  /** Added to ports below 1024, which an ordinary user may not open: 443 → 20443. */
  portOffset: number;
  /** Options for any SDK client, with the administrator's credentials. */
  clientConfig(): { region: string; endpoint: string; credentials: IssuedCredentials };
  /** Deploys one synthesized stack. */
  deploy(cdkOut: string, stackName?: string): Promise<Deployed>;
  /** A hosted zone whose id is already written in a plan. */
  createHostedZone(name: string, id: string): Promise<void>;
  /** An AppConfig application whose ids are already written in a plan. */
  createAppConfigApplication(given: ReadyMade): void;
  /** A loopback address of its own for a name. */
  allocateHost(name: string, ports: number[]): Promise<{ address: string }>;
  /** What the administrator of an EKS cluster does in it. */
  cluster(name: string): ClusterAdmin;
  /** Makes an image available to every cluster: a program that listens on `$HOST` with the container's ports. */
  pushImage(name: string, image: { command?: string[] }): void;
  /** A machine that Systems Manager manages: a folder for its `/`, an address of its own, real processes. */
  createHost(given: { instanceId: string; name: string; ports: number[] }): Promise<ManagedHost>;
  /** A CloudFront distribution in front of a bucket, with an id that is already written in a plan, and its edge. */
  createDistribution(given: {
    id: string;
    bucket: string;
    aliases: string[];
  }): Promise<{ domainName: string }>;
  /** A workspace of Managed Prometheus with an id that is already written in a plan, and a way to write into it. */
  createPrometheusWorkspace(id: string): {
    write(metric: string, labels: Record<string, string>, samples: [at: number, value: number][]): void;
  };
  /** A cluster of ARC with five endpoints, and a control panel whose ids are already written in a plan. */
  createRecoveryCluster(
    id: string,
    panel: { id: string; name: string; controls: { id: string; name: string }[]; leastOn?: number },
  ): Promise<RecoveryCluster>;
  /** A server certificate of the sandbox's own authority; with a flaw where one is asked for. */
  certificate(names: string[], flaw?: Flaw): Promise<{ certPem: string; keyPem: string; caPem: string }>;
  /** Where an instance's PostgreSQL really listens. */
  databaseConnection(instance: string): { host: string; port: number; caFile: string };
  /** Stops every process it started and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a sandbox with every service and no resources in it. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), "watchdog-sandbox-"));
  mkdirSync(root, { recursive: true });
  // PostgreSQL may run as another user and has to reach its folders.
  chmodSync(root, 0o755);
  const world = new World({ root, clock: machineClock(options.speed ?? 60), region: options.region });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= world.stop().finally(() => {
      if (!options.root) rmSync(root, { recursive: true, force: true });
    });
    return stopped;
  };
  try {
    const mailFolder = join(root, "mail");
    const smtp = await startMail(world, mailFolder);
    const dns = await startDns(world);
    const door = await openFrontDoor(world, { port: options.port });
    world.onStop(() => door.close());
    world.endpoint = door.endpoint;
    installIam(world);
    for (const service of SERVICES) await world.register(service);
    const adminCredentials = issueCredentials(world, { type: "admin" });
    return {
      world,
      endpoint: door.endpoint,
      region: world.region,
      account: world.account,
      adminCredentials,
      dns,
      smtp: { host: smtp.host, port: smtp.port },
      mailFolder,
      portOffset,
      // A copy: SDK clients write into the object they are given.
      clientConfig: () => ({
        region: world.region,
        endpoint: door.endpoint,
        credentials: { ...adminCredentials },
      }),
      deploy: (cdkOut, stackName) => deployTemplate(world, { cdkOut, stackName }),
      createHostedZone: async (name, id) => {
        await createHostedZoneWithId(world, name, id);
      },
      createAppConfigApplication: (given) => createApplicationWithIds(world, given),
      allocateHost: (name, ports) => allocateHost(world, name, ports),
      cluster: (name) => clusterAdmin(world, name),
      pushImage: (name, image) => pushImage(world, name, image),
      createDistribution: (given) => createDistribution(world, given),
      createHost: (given) => createHost(world, given),
      createPrometheusWorkspace: (id) => {
        makeWorkspace(world, { id });
        return { write: (...given) => writeSamples(world, id, ...given) };
      },
      createRecoveryCluster: (id, panel) => {
        makeControlPanel(world, panel);
        return openCluster(world, id);
      },
      certificate: async (names, flaw) => certificateFor(world, names, flaw),
      databaseConnection: (id) =>
        clusterState(world).clusters.has(id) || clusterState(world).members.has(id)
          ? clusterConnection(world, id)
          : connectionOf(world, id),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
