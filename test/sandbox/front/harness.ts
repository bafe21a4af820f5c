import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineClock } from "../../../sandbox/clock.ts";
import { type IssuedCredentials, issueCredentials } from "../../../sandbox/front/credentials.ts";
import { installIam } from "../../../sandbox/front/iam/index.ts";
import { openFrontDoor } from "../../../sandbox/front/server.ts";
import type { Service } from "../../../sandbox/service.ts";
import { iam } from "../../../sandbox/services/iam/index.ts";
import { sts } from "../../../sandbox/services/sts/index.ts";
import { World } from "../../../sandbox/world.ts";

export interface ClientConfig {
  region: string;
  endpoint: string;
  credentials: IssuedCredentials;
  maxAttempts: number;
}

/** A world with a front door and the given services; IAM and STS are always there. */
export interface TestWorld {
  world: World;
  endpoint: string;
  /** For an SDK client of the administrator. */
  admin: ClientConfig;
  /** Makes a role with these statements and gives its session's client settings. */
  as(roleName: string, statements: object[], trust?: object): Promise<ClientConfig & { roleArn: string }>;
  close(): Promise<void>;
}

export async function openWorld(services: Service[], options: { speed?: number } = {}): Promise<TestWorld> {
  const root = mkdtempSync(join(tmpdir(), "front-door-test-"));
  const world = new World({ root, clock: machineClock(options.speed ?? 60) });
  const door = await openFrontDoor(world);
  world.endpoint = door.endpoint;
  installIam(world);
  for (const service of [iam, sts, ...services]) await world.register(service);
  const config = (credentials: IssuedCredentials): ClientConfig => ({
    region: world.region,
    endpoint: door.endpoint,
    credentials,
    maxAttempts: 1,
  });
  const call = (operation: string, input: object) =>
    world.call({ service: "iam", operation, input, principal: { type: "admin" } });
  return {
    world,
    endpoint: door.endpoint,
    admin: config(issueCredentials(world, { type: "admin" })),
    async as(
      roleName,
      statements,
      trust = { Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }] },
    ) {
      await call("CreateRole", { RoleName: roleName, AssumeRolePolicyDocument: JSON.stringify(trust) });
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
      await call("PutRolePolicy", { RoleName: roleName, PolicyName: "test", PolicyDocument });
      const roleArn = `arn:aws:iam::${world.account}:role/${roleName}`;
      return { ...config(issueCredentials(world, { type: "role", roleArn, sessionName: "test" })), roleArn };
    },
    async close() {
      await door.close();
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
