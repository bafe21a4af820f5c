import { execFile, execFileSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveName } from "../../../sandbox/engines/dns.ts";
import { allocateHost } from "../../../sandbox/engines/hosts.ts";
import { type Route53World, route53World, set } from "../services/route53/fixture.ts";

const hasDig = (() => {
  try {
    execFileSync("dig", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("dig is not installed (Debian: bind9-dnsutils): its tests are skipped");
    return false;
  }
})();

let here: Route53World;
let resolver: Resolver;
beforeAll(async () => {
  here = await route53World();
  resolver = new Resolver();
  resolver.setServers([`${here.dns.host}:${here.dns.port}`]);
  const database = await allocateHost(here.world, "db.abc.us-east-1.rds.amazonaws.com", []);
  await here.inSync(
    await here.change(
      ["CREATE", set("db.lab.internal", "CNAME", [database.name], { TTL: 30 })],
      ["CREATE", set("www.lab.internal", "A", ["10.0.0.1", "10.0.0.2"])],
      ["CREATE", set("www.lab.internal", "AAAA", ["fd00::1"])],
      ["CREATE", set("lab.internal", "TXT", ['"one \\"two\\"" "three"'])],
      ["CREATE", set("lab.internal", "MX", ["10 mail.lab.internal."])],
      ["CREATE", set("chain.lab.internal", "CNAME", ["www.lab.internal."])],
      ["CREATE", set("loop.lab.internal", "CNAME", ["loop.lab.internal."])],
      ["CREATE", set("deep.empty.lab.internal", "A", ["10.0.0.3"])],
      ["CREATE", set("*.wild.lab.internal", "A", ["10.0.0.4"])],
      [
        "CREATE",
        {
          Name: "alias.lab.internal",
          Type: "A",
          AliasTarget: {
            HostedZoneId: "Z0000000LAB",
            DNSName: "www.lab.internal",
            EvaluateTargetHealth: false,
          },
        },
      ],
      ["CREATE", set("split.lab.internal", "A", ["10.1.0.1"], { SetIdentifier: "one", Weight: 90 })],
      ["CREATE", set("split.lab.internal", "A", ["10.1.0.2"], { SetIdentifier: "two", Weight: 10 })],
      ["CREATE", set("split.lab.internal", "A", ["10.1.0.3"], { SetIdentifier: "none", Weight: 0 })],
      [
        "CREATE",
        set(
          "big.lab.internal",
          "TXT",
          Array.from({ length: 20 }, (_, at) => `"${String(at).padStart(100, "x")}"`),
        ),
      ],
    ),
  );
});
afterAll(() => here.stop());

/** Asynchronously: the server answers in this very process. */
const dig = async (...parameters: string[]) => {
  const all = [`@${here.dns.host}`, "-p", String(here.dns.port), "+tries=1", "+timeout=3", ...parameters];
  return (await promisify(execFile)("dig", all)).stdout;
};

describe("the name server", () => {
  it("answers records with their TTLs, and follows a CNAME to a host", async () => {
    expect(await resolver.resolve4("www.lab.internal", { ttl: true })).toEqual([
      { address: "10.0.0.1", ttl: 60 },
      { address: "10.0.0.2", ttl: 60 },
    ]);
    expect(await resolver.resolve6("WWW.lab.internal")).toEqual(["fd00::1"]);
    expect((await resolver.resolve4("db.lab.internal"))[0]).toMatch(/^127\./);
    expect(await resolver.resolveCname("db.lab.internal")).toEqual(["db.abc.us-east-1.rds.amazonaws.com"]);
    expect(await resolver.resolveTxt("lab.internal")).toEqual([['one "two"', "three"]]);
    expect(await resolver.resolveMx("lab.internal")).toMatchObject([
      { priority: 10, exchange: "mail.lab.internal" },
    ]);
    expect(await resolver.resolve4("anything.at.wild.lab.internal")).toEqual(["10.0.0.4"]);
    expect(await resolver.resolve4("alias.lab.internal", { ttl: true })).toEqual(
      await resolver.resolve4("www.lab.internal", { ttl: true }),
    );
  });

  it("tells a name that does not exist from one without such a record", async () => {
    await expect(resolver.resolve4("absent.lab.internal")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolveMx("www.lab.internal")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("empty.lab.internal")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("gone.us-east-1.rds.amazonaws.com")).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
    await expect(resolver.resolve4("example.com")).rejects.toMatchObject({ code: "EREFUSED" });
    await expect(resolver.resolve4("loop.lab.internal")).rejects.toMatchObject({ code: "ESERVFAIL" });
  });

  it("chooses by weight, never a weight of zero", async () => {
    const counts: Record<string, number> = {};
    for (let asked = 0; asked < 400; asked++) {
      const [address] = await resolver.resolve4("split.lab.internal");
      counts[address!] = (counts[address!] ?? 0) + 1;
    }

    expect(counts["10.1.0.3"]).toBeUndefined();
    expect(counts["10.1.0.1"]).toBeGreaterThan(320);
    expect(counts["10.1.0.2"]).toBeGreaterThan(10);
  });

  it("keeps the old answer until a change is INSYNC", async () => {
    await here.inSync(await here.change(["CREATE", set("moving.lab.internal", "A", ["10.2.0.1"])]));

    const change = await here.change(["UPSERT", set("moving.lab.internal", "A", ["10.2.0.2"])]);
    const [early] = await resolver.resolve4("moving.lab.internal");
    await here.inSync(change);

    expect(early).toBe("10.2.0.1");
    expect(await resolver.resolve4("moving.lab.internal")).toEqual(["10.2.0.2"]);
  });

  it("lets the workload's resolver keep an answer for its TTL and no longer", async () => {
    await here.inSync(
      await here.change(["CREATE", set("cached.lab.internal", "A", ["10.3.0.1"], { TTL: 300 })]),
    );
    const first = resolveName(here.world, "cached.lab.internal");
    const asked = here.world.clock.now();

    await here.inSync(
      await here.change(["UPSERT", set("cached.lab.internal", "A", ["10.3.0.2"], { TTL: 300 })]),
    );
    const second = resolveName(here.world, "cached.lab.internal");
    await here.world.clock.sleep(asked + 301_000 - here.world.clock.now());

    expect([first, second]).toEqual([["10.3.0.1"], ["10.3.0.1"]]);
    expect(resolveName(here.world, "cached.lab.internal")).toEqual(["10.3.0.2"]);
  });

  it("answers from the secondary while the primary's health check fails", async () => {
    let status = 200;
    const server = createServer((_, response) => response.writeHead(status).end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { HealthCheck } = await here.call<{ HealthCheck: { Id: string } }>("CreateHealthCheck", {
      CallerReference: "failover",
      HealthCheckConfig: {
        Type: "HTTP",
        IPAddress: "127.0.0.1",
        Port: (server.address() as AddressInfo).port,
        ResourcePath: "/health",
        RequestInterval: 30,
        FailureThreshold: 2,
      },
    });
    await here.inSync(
      await here.change(
        [
          "CREATE",
          set("api.lab.internal", "A", ["10.4.0.1"], {
            SetIdentifier: "p",
            Failover: "PRIMARY",
            HealthCheckId: HealthCheck.Id,
          }),
        ],
        ["CREATE", set("api.lab.internal", "A", ["10.4.0.2"], { SetIdentifier: "s", Failover: "SECONDARY" })],
      ),
    );
    const before = await resolver.resolve4("api.lab.internal");

    status = 503;
    await answersWith("api.lab.internal", "10.4.0.2");
    status = 200;
    await answersWith("api.lab.internal", "10.4.0.1");
    server.close();

    expect(before).toEqual(["10.4.0.1"]);
  });

  it.skipIf(!hasDig)("satisfies dig over UDP and TCP, with truncation in between", async () => {
    const plain = await dig("db.lab.internal", "A");
    expect(plain).toMatch(/status: NOERROR/);
    expect(plain).toMatch(/flags: qr aa rd;/);
    expect(plain).toMatch(
      /db\.lab\.internal\.\s+30\s+IN\s+CNAME\s+db\.abc\.us-east-1\.rds\.amazonaws\.com\./,
    );
    expect(await dig("absent.lab.internal")).toMatch(
      /status: NXDOMAIN[\s\S]*AUTHORITY SECTION:\n;?lab\.internal\.\s+900\s+IN\s+SOA/,
    );
    expect(await dig("+tcp", "+short", "www.lab.internal")).toBe("10.0.0.1\n10.0.0.2\n");
    expect(await dig("+notcp", "+ignore", "+noedns", "big.lab.internal", "TXT")).toMatch(/flags: qr aa tc/);
    expect((await dig("+short", "+noedns", "big.lab.internal", "TXT")).trim().split("\n").at(-1)).toMatch(
      /x19"$/,
    );
    expect(await dig("+short", "lab.internal", "SOA")).toMatch(
      /awsdns-hostmaster\.amazon\.com\. 1 7200 900 1209600 86400/,
    );
  });
});

async function answersWith(name: string, address: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if ((await resolver.resolve4(name))[0] === address) return;
    await here.world.clock.sleep(10_000);
  }
  throw new Error(`${name} never answered ${address}`);
}
