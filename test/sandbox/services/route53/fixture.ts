import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { machineClock } from "../../../../sandbox/clock.ts";
import { startDns } from "../../../../sandbox/engines/dns.ts";
import { ec2 } from "../../../../sandbox/services/ec2/index.ts";
import { route53 } from "../../../../sandbox/services/route53/index.ts";
import { createHostedZoneWithId } from "../../../../sandbox/services/route53/state.ts";
import { World } from "../../../../sandbox/world.ts";

/** A world with Route 53 and its name server; an hour passes in 3.6 seconds. */
export async function route53World(speed = 1000) {
  const root = mkdtempSync(join(tmpdir(), "watchdog-route53-"));
  const world = new World({ root, clock: machineClock(speed) });
  const dns = await startDns(world);
  for (const service of [ec2, route53]) await world.register(service);
  const call = <Output = Record<string, unknown>>(operation: string, input: object) =>
    world.call<Output>({ service: "route53", operation, input, principal: { type: "admin" } });
  createHostedZoneWithId(world, "lab.internal", "Z0000000LAB");
  const change = (...changes: [Change["Action"], ResourceRecordSet][]) =>
    call<{ ChangeInfo: { Id: string; Status: string } }>("ChangeResourceRecordSets", {
      HostedZoneId: "Z0000000LAB",
      ChangeBatch: { Changes: changes.map(([Action, set]) => ({ Action, ResourceRecordSet: set })) },
    });
  const inSync = async ({ ChangeInfo }: { ChangeInfo: { Id: string } }) => {
    for (;;) {
      const answer = await call<{ ChangeInfo: { Status: string } }>("GetChange", { Id: ChangeInfo.Id });
      if (answer.ChangeInfo.Status === "INSYNC") return;
      await world.clock.sleep(1000);
    }
  };
  return {
    world,
    dns,
    call,
    change,
    inSync,
    stop: async () => {
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type Route53World = Awaited<ReturnType<typeof route53World>>;

/** A record set as templates of tests write it. */
export const set = (
  Name: string,
  Type: ResourceRecordSet["Type"],
  values: string[],
  more: Partial<ResourceRecordSet> = {},
): ResourceRecordSet => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: values.map((Value) => ({ Value })),
  ...more,
});
