import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Route53World, route53World, set } from "./fixture.ts";

let here: Route53World;
beforeAll(async () => {
  here = await route53World();
});
afterAll(() => here.stop());

interface Created {
  HostedZone: { Id: string };
  DelegationSet: { NameServers: string[] };
}

describe("hosted zones", () => {
  it("are made once for each caller reference", async () => {
    await here.call("CreateHostedZone", { Name: "once.example", CallerReference: "once" });

    await expect(
      here.call("CreateHostedZone", { Name: "once.example", CallerReference: "once" }),
    ).rejects.toMatchObject({
      code: "HostedZoneAlreadyExists",
      status: 409,
    });
  });

  it("are listed by reversed name from a name on", async () => {
    for (const name of ["b.example", "a.example", "z.a.example", "org"])
      await here.call("CreateHostedZone", { Name: name, CallerReference: name });

    const { HostedZones } = await here.call<{ HostedZones: { Name: string }[] }>("ListHostedZonesByName", {
      DNSName: "a.example.",
    });

    expect(HostedZones.map(({ Name }) => Name).filter((name) => name !== "once.example.")).toEqual([
      "a.example.",
      "z.a.example.",
      "b.example.",
      "lab.internal.",
      "org.",
    ]);
  });

  it("are not deleted while they hold records", async () => {
    const { HostedZone } = await here.call<Created>("CreateHostedZone", {
      Name: "full.example",
      CallerReference: "full",
    });
    await here.call("ChangeResourceRecordSets", {
      HostedZoneId: HostedZone.Id,
      ChangeBatch: {
        Changes: [{ Action: "CREATE", ResourceRecordSet: set("www.full.example", "A", ["10.0.0.1"]) }],
      },
    });

    await expect(here.call("DeleteHostedZone", { Id: HostedZone.Id })).rejects.toMatchObject({
      code: "HostedZoneNotEmpty",
    });
  });

  it("can be private, for VPCs that exist, of which the last stays", async () => {
    const vpcs = async () =>
      (
        await here.world.call<{ Vpcs: { VpcId: string }[] }>({
          service: "ec2",
          operation: "DescribeVpcs",
          input: {},
          principal: { type: "admin" },
        })
      ).Vpcs;
    const vpc = { VPCId: (await vpcs())[0]!.VpcId, VPCRegion: "us-east-1" };
    const { HostedZone } = await here.call<Created>("CreateHostedZone", {
      Name: "inner.example",
      CallerReference: "inner",
      VPC: vpc,
    });

    expect(await here.call("ListHostedZonesByVPC", vpc)).toMatchObject({
      HostedZoneSummaries: [{ Name: "inner.example.", Owner: { OwningAccount: "123456789012" } }],
      MaxItems: 100,
    });
    await expect(
      here.call("CreateHostedZone", { Name: "inner.example", CallerReference: "inner2", VPC: vpc }),
    ).rejects.toMatchObject({ code: "ConflictingDomainExists" });
    await expect(
      here.call("DisassociateVPCFromHostedZone", { HostedZoneId: HostedZone.Id, VPC: vpc }),
    ).rejects.toMatchObject({ code: "LastVPCAssociation" });
  });

  it("carry tags", async () => {
    await here.call("ChangeTagsForResource", {
      ResourceType: "hostedzone",
      ResourceId: "Z0000000LAB",
      AddTags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
    await here.call("ChangeTagsForResource", {
      ResourceType: "hostedzone",
      ResourceId: "Z0000000LAB",
      RemoveTagKeys: ["b"],
    });

    expect(
      await here.call("ListTagsForResource", { ResourceType: "hostedzone", ResourceId: "Z0000000LAB" }),
    ).toEqual({
      ResourceTagSet: {
        ResourceType: "hostedzone",
        ResourceId: "Z0000000LAB",
        Tags: [{ Key: "a", Value: "1" }],
      },
    });
  });

  it("share a reusable delegation set, which is not deleted while in use", async () => {
    const { DelegationSet } = await here.call<{ DelegationSet: { Id: string; NameServers: string[] } }>(
      "CreateReusableDelegationSet",
      { CallerReference: "set" },
    );
    const zone = await here.call<Created>("CreateHostedZone", {
      Name: "shared.example",
      CallerReference: "shared",
      DelegationSetId: DelegationSet.Id,
    });

    expect(zone.DelegationSet.NameServers).toEqual(DelegationSet.NameServers);
    await expect(here.call("DeleteReusableDelegationSet", { Id: DelegationSet.Id })).rejects.toMatchObject({
      code: "DelegationSetInUse",
    });
    await here.call("DeleteHostedZone", { Id: zone.HostedZone.Id });
    await here.call("DeleteReusableDelegationSet", { Id: DelegationSet.Id });
    await expect(here.call("GetReusableDelegationSet", { Id: DelegationSet.Id })).rejects.toMatchObject({
      code: "NoSuchDelegationSet",
    });
  });
});
