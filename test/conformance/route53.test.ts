import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineClock } from "../../sandbox/clock.ts";
import { issueCredentials } from "../../sandbox/front/credentials.ts";
import { openFrontDoor } from "../../sandbox/front/server.ts";
import { ec2 } from "../../sandbox/services/ec2/index.ts";
import { ec2State } from "../../sandbox/services/ec2/state.ts";
import { route53 } from "../../sandbox/services/route53/index.ts";
import { World } from "../../sandbox/world.ts";
import { recorded } from "./recorded.ts";

const cases =
  recorded<Record<string, { "recorded-content": Record<string, unknown> }>>("recorded/route53.json");

const root = mkdtempSync(join(tmpdir(), "watchdog-conformance-"));
const world = new World({ root, clock: machineClock(60) });
let client: Route53Client;
beforeAll(async () => {
  const door = await openFrontDoor(world);
  world.endpoint = door.endpoint;
  world.onStop(() => door.close());
  for (const service of [ec2, route53]) await world.register(service);
  client = new Route53Client({
    region: world.region,
    endpoint: door.endpoint,
    credentials: issueCredentials(world, { type: "admin" }),
  });
});
afterAll(async () => {
  console.log(
    `Route 53, recorded cases: ${passed} of ${Object.keys(cases ?? {}).length} answered as AWS does`,
  );
  client.destroy();
  await world.stop();
  rmSync(root, { recursive: true, force: true });
});
let passed = 0;
let references = 0;
const reference = () => `conformance-${++references}`;
const vpc = () => ({ VPCId: ec2State(world).defaultVpcId, VPCRegion: "us-east-1" as const });

/** The requests behind each recording, by the test's name; each gives the answers under the recording's keys. */
const replays: Record<string, () => Promise<Record<string, unknown>>> = {
  test_create_hosted_zone: async () => {
    const created = await client.send(
      new CreateHostedZoneCommand({ Name: "zone-create.com", CallerReference: reference() }),
    );
    return {
      create_hosted_zone_response: created,
      get_hosted_zone: await client.send(new GetHostedZoneCommand({ Id: created.HostedZone!.Id })),
    };
  },
  test_create_private_hosted_zone: async () => {
    const created = await client.send(
      new CreateHostedZoneCommand({
        Name: "zone-private.com",
        CallerReference: reference(),
        HostedZoneConfig: { PrivateZone: true, Comment: "test" },
        VPC: vpc(),
      }),
    );
    const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
    return {
      "create-hosted-zone-response": created,
      get_hosted_zone: await client.send(new GetHostedZoneCommand({ Id: created.HostedZone!.Id })),
      list_hosted_zones_by_vpc: await client.send(new ListHostedZonesByVPCCommand(vpc())),
      list_hosted_zones: HostedZones.filter((zone) => zone.Id === created.HostedZone!.Id),
    };
  },
  test_create_hosted_zone_in_non_existent_vpc: async () => ({
    "failure-response": await failure(
      client.send(
        new CreateHostedZoneCommand({
          Name: "zone-nowhere.com",
          CallerReference: reference(),
          HostedZoneConfig: { PrivateZone: true },
          VPC: { VPCId: "non-existent-vpc", VPCRegion: "us-east-1" },
        }),
      ),
    ),
  }),
  test_delete_hosted_zone: async () => {
    const created = await client.send(
      new CreateHostedZoneCommand({ Name: "zone-delete.com", CallerReference: reference() }),
    );
    const id = created.HostedZone!.Id!.replace("/hostedzone/", "");
    return {
      "no-such-hosted-zone-error": await failure(
        client.send(new DeleteHostedZoneCommand({ Id: `${id}asdf1234` })),
      ),
      "delete-hosted-zone-response": await client.send(new DeleteHostedZoneCommand({ Id: id })),
    };
  },
};

describe.skipIf(!cases)("Route 53 answers as AWS was recorded", () => {
  const names = Object.keys(cases ?? {});
  it.each(names)("%s", async (name) => {
    const replay = replays[name.split("::").at(-1)!];
    expect(replay, `no replay is written for ${name}`).toBeDefined();

    const answers = await replay!();

    const { "recorded-content": wanted } = cases![name]!;
    expect(plain(answers)).toEqual(comparable(wanted, plain(answers)));
    passed += 1;
  });
});

/** What boto3 shows of an error. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => Promise.reject(new Error("The call was expected to fail")),
    (thrown: unknown) =>
      thrown as Error & { Code?: string; Type?: string; $fault: string; $metadata: unknown },
  );
  return {
    Error: {
      Code: error.name,
      Message: error.message,
      Type: error.$fault === "client" ? "Sender" : "Receiver",
    },
    $metadata: error.$metadata,
  };
}

/** The SDK's answers in the form of the recordings. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return "datetime";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) =>
        key === "$metadata"
          ? [
              "ResponseMetadata",
              {
                HTTPHeaders: {},
                HTTPStatusCode: String((each as { httpStatusCode: number }).httpStatusCode),
              },
            ]
          : [key, plain(each)],
      ),
  );
}

/**
 * The recording with its placeholders replaced by what stands in the answer at the same place; one placeholder must
 * mean one value throughout, and the text around it must be the answer's.
 */
function comparable(wanted: unknown, answer: unknown, meanings = new Map<string, string>()): unknown {
  if (typeof wanted === "number") return String(wanted);
  if (typeof wanted === "string") return filled(wanted, answer, meanings);
  if (Array.isArray(wanted))
    return wanted.map((each, at) => comparable(each, (answer as unknown[] | undefined)?.[at], meanings));
  if (typeof wanted !== "object" || wanted === null) return wanted;
  return Object.fromEntries(
    Object.entries(wanted).map(([key, each]) => [
      key,
      comparable(each, (answer as Record<string, unknown> | undefined)?.[key], meanings),
    ]),
  );
}

/** Placeholders that do not stand for one fixed value. */
const LOOSE = new Set(["<name-server>", "<change-id>", "<status:1>"]);

function filled(wanted: string, answer: unknown, meanings: Map<string, string>): unknown {
  if (wanted === "111111111111") return world.account;
  if (!/<[^>]+>/.test(wanted)) return wanted;
  // The recorder wrote a list of name servers as one placeholder.
  if (wanted === "<name-server>") return Array.isArray(answer) && answer.length === 4 ? answer : wanted;
  const names = [...wanted.matchAll(/<[^>]+>/g)].map(([name]) => name);
  const pattern = wanted
    .split(/<[^>]+>/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("(.+)");
  const found = new RegExp(`^${pattern}$`).exec(String(answer));
  if (!found) return wanted;
  const agrees = names.every((name, at) => {
    const value = found[at + 1]!;
    const known = meanings.get(name);
    if (LOOSE.has(name)) return true;
    meanings.set(name, value);
    return known === undefined || known === value;
  });
  return agrees ? answer : wanted;
}
