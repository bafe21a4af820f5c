import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route53State } from "../../../../sandbox/services/route53/state.ts";
import { type Route53World, route53World, set } from "./fixture.ts";

let here: Route53World;
beforeAll(async () => {
  here = await route53World();
});
afterAll(() => here.stop());

const list = async () =>
  (
    await here.call<{ ResourceRecordSets: ResourceRecordSet[] }>("ListResourceRecordSets", {
      HostedZoneId: "Z0000000LAB",
    })
  ).ResourceRecordSets;

describe("ChangeResourceRecordSets", () => {
  it("shows a change at once, PENDING, and publishes it when INSYNC after 30 to 60 seconds", async () => {
    const begun = here.world.clock.now();
    const { ChangeInfo } = await here.change(["CREATE", set("Pending.LAB.internal", "A", ["10.0.0.1"])]);

    expect(ChangeInfo).toMatchObject({
      Id: expect.stringMatching(/^\/change\/C[A-Z0-9]+$/),
      Status: "PENDING",
    });
    expect((await list()).find(({ Name }) => Name === "pending.lab.internal.")).toEqual({
      Name: "pending.lab.internal.",
      Type: "A",
      TTL: 60,
      ResourceRecords: [{ Value: "10.0.0.1" }],
    });
    await here.inSync({ ChangeInfo });
    const took = here.world.clock.now() - begun;
    expect(took).toBeGreaterThanOrEqual(30_000);
    // When it was due, not when a busy machine looked.
    const { submittedAt, inSyncAt } = route53State(here.world).changes.get(
      ChangeInfo!.Id!.split("/").at(-1)!,
    )!;
    expect(inSyncAt - submittedAt).toBeLessThanOrEqual(60_000);
  });

  it("swaps a record as DELETE of every stored field and CREATE in one batch", async () => {
    await here.change(["CREATE", set("swap.lab.internal", "CNAME", ["old.example.com"])]);

    await here.change(
      ["DELETE", set("swap.lab.internal.", "CNAME", ["old.example.com"])],
      ["CREATE", set("swap.lab.internal.", "CNAME", ["new.example.com"], { TTL: 30 })],
    );

    expect((await list()).filter(({ Name }) => Name === "swap.lab.internal.")).toEqual([
      { Name: "swap.lab.internal.", Type: "CNAME", TTL: 30, ResourceRecords: [{ Value: "new.example.com" }] },
    ]);
  });

  it("changes nothing when one part of the batch is refused, and names every reason in one bracket", async () => {
    await here.change(["CREATE", set("whole.lab.internal", "A", ["10.0.0.1"])]);
    const before = await list();

    const refused = here.change(
      ["CREATE", set("fresh.lab.internal", "A", ["10.0.0.9"])],
      ["CREATE", set("whole.lab.internal", "A", ["10.0.0.2"])],
      ["DELETE", set("absent.lab.internal", "A", ["10.0.0.2"])],
    );

    await expect(refused).rejects.toMatchObject({
      code: "InvalidChangeBatch",
      message:
        "[Tried to create resource record set [name='whole.lab.internal.', type='A'] but it already exists, " +
        "Tried to delete resource record set [name='absent.lab.internal.', type='A'] but it was not found]",
    });
    expect(await list()).toEqual(before);
  });

  it.each([
    ["another TTL", set("strict.lab.internal", "A", ["10.0.0.1"], { TTL: 61 })],
    ["another value", set("strict.lab.internal", "A", ["10.0.0.2"])],
    ["one value fewer", set("strict.lab.internal", "A", [])],
  ])("refuses a DELETE with %s", async (_, given) => {
    await here.change(["UPSERT", set("strict.lab.internal", "A", ["10.0.0.1"])]);

    const wanted = given.ResourceRecords?.length ? "InvalidChangeBatch" : "InvalidInput";
    await expect(here.change(["DELETE", given])).rejects.toMatchObject({ code: wanted });
  });

  it("keeps CNAMEs alone at their name and away from the apex", async () => {
    await here.change(["CREATE", set("taken.lab.internal", "A", ["10.0.0.1"])]);

    await expect(
      here.change(["CREATE", set("taken.lab.internal", "CNAME", ["x.example.com"])]),
    ).rejects.toThrow(
      "[RRSet of type CNAME with DNS name taken.lab.internal. is not permitted because a conflicting RRSet of type A with the same DNS name already exists in zone lab.internal.]",
    );
    await expect(here.change(["CREATE", set("lab.internal", "CNAME", ["x.example.com"])])).rejects.toThrow(
      "[RRSet of type CNAME with DNS name lab.internal. is not permitted at apex in zone lab.internal.]",
    );
    await expect(here.change(["CREATE", set("www.example.com", "A", ["10.0.0.1"])])).rejects.toThrow(
      "[RRSet with DNS name www.example.com. is not permitted in zone lab.internal.]",
    );
  });

  it("refuses values that are none, and zones without their SOA", async () => {
    await expect(here.change(["CREATE", set("bad.lab.internal", "A", ["db.example.com"])])).rejects.toThrow(
      "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'db.example.com'']",
    );
    const soa = (await list()).find(({ Type }) => Type === "SOA")!;
    await expect(here.change(["DELETE", soa])).rejects.toThrow(
      "A HostedZone must contain exactly one SOA record.",
    );
  });

  it("refuses to mix a simple set with weighted ones", async () => {
    await here.change([
      "CREATE",
      set("mixed.lab.internal", "A", ["10.0.0.1"], { SetIdentifier: "a", Weight: 1 }),
    ]);

    await expect(here.change(["CREATE", set("mixed.lab.internal", "A", ["10.0.0.2"])])).rejects.toMatchObject(
      { code: "InvalidChangeBatch" },
    );
    await expect(
      here.change(["CREATE", set("mixed.lab.internal", "A", ["10.0.0.2"], { Weight: 1 })]),
    ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("lists by reversed name and type, page by page", async () => {
    const names = (await list()).map(({ Name, Type }) => `${Name} ${Type}`);
    expect(names.slice(0, 2)).toEqual(["lab.internal. NS", "lab.internal. SOA"]);
    expect(names).toEqual([...names].sort());

    const pages: string[] = [];
    let start: Record<string, unknown> = {};
    for (;;) {
      const page = await here.call<{
        ResourceRecordSets: ResourceRecordSet[];
        IsTruncated: boolean;
        NextRecordName?: string;
        NextRecordType?: string;
        NextRecordIdentifier?: string;
      }>("ListResourceRecordSets", { HostedZoneId: "/hostedzone/Z0000000LAB", MaxItems: 2, ...start });
      pages.push(...page.ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`));
      if (!page.IsTruncated) break;
      start = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
    }
    expect(pages).toEqual(names);
  });

  it("gives IAM the names, types and actions of the batch", () => {
    const operation = here.world.services.get("route53")!.operations["ChangeResourceRecordSets"]!;
    const needed = operation.authorize(
      {
        HostedZoneId: "/hostedzone/Z1",
        ChangeBatch: {
          Changes: [{ Action: "UPSERT", ResourceRecordSet: set("*.DB.lab.internal.", "CNAME", ["x"]) }],
        },
      } as never,
      { world: here.world } as never,
    );

    expect(needed).toEqual([
      {
        action: "route53:ChangeResourceRecordSets",
        resources: ["arn:aws:route53:::hostedzone/Z1"],
        context: {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["\\052.db.lab.internal"],
          "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME"],
          "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
        },
      },
    ]);
  });
});

describe("limits", () => {
  it("throttles more than a burst and five requests a second", async () => {
    const slow = await route53World(1);
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, () => slow.call("GetHostedZone", { Id: "Z0000000LAB" })),
    );
    await slow.stop();

    const refused = answers.filter((each) => each.status === "rejected");
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]!.reason).toMatchObject({ code: "Throttling", message: "Rate exceeded" });
  });
});
