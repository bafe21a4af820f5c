import { describe, expect, it } from "vitest";
import { type Break, breakCalls, breakOf } from "../../../bin/drill/breaks.ts";
import { breaksMet } from "../../../bin/drill/loudly.ts";
import { machineClock } from "../../../sandbox/clock.ts";
import { operation, type Principal, type Service } from "../../../sandbox/service.ts";
import { World } from "../../../sandbox/world.ts";

const ROLE: Principal = { type: "role", roleArn: "arn:aws:iam::123456789012:role/shop", sessionName: "shop" };
const ADMIN: Principal = { type: "admin" };

/** A world with one service, whose one operation counts how often it was done. */
async function shop(...breaks: string[]) {
  const done: unknown[] = [];
  const service: Service = {
    name: "shop",
    client: async () => ({}),
    operations: { Sell: operation({ authorize: () => [], run: () => done.push("sold") }) },
  };
  const world = new World({ root: "/nowhere", clock: machineClock(100_000) });
  // What IAM says is not asked here.
  world.authorizer = () => undefined;
  await world.register(service);
  const broken = breakCalls(world, breaks.map(breakOf));
  const sell = (principal = ROLE) =>
    world.call({ service: "shop", operation: "Sell", input: {}, principal }).then(
      () => "sold",
      (error: { code?: string }) => error.code,
    );
  return { done, broken, sell };
}

describe("a call that a drill breaks", () => {
  it("is denied to the plan's roles each time, and to nobody else", async () => {
    const { sell, done } = await shop("deny:shop:Sell");

    expect([await sell(), await sell(), await sell(ADMIN)]).toEqual(["AccessDenied", "AccessDenied", "sold"]);
    expect(done).toHaveLength(1);
  });

  it("is throttled five times, and then let through", async () => {
    const { sell } = await shop("throttle:shop:Sell");

    const answers = [];
    for (let call = 0; call < 6; call += 1) answers.push(await sell());

    expect(answers).toEqual([...Array(5).fill("ThrottlingException"), "sold"]);
  });

  it("is done once while its first answer is lost", async () => {
    const { sell, done } = await shop("lose-reply:shop:Sell");

    expect([await sell(), done.length, await sell()]).toEqual(["RequestTimeout", 1, "sold"]);
  });

  it("is known to have been met, or not", async () => {
    const { sell, broken } = await shop("deny:shop:Sell");
    const before = breaksMet(broken);
    await sell(ADMIN);
    const stillNot = breaksMet(broken);
    await sell();

    expect([...before, ...stillNot, ...breaksMet(broken)].map(({ held }) => held)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("is refused when the sandbox does not know it, before anything is broken", async () => {
    await expect(shop("deny:shop:Steal")).rejects.toThrow("the sandbox's shop has no operation Steal");
    await expect(shop("deny:bank:Sell")).rejects.toThrow("the sandbox has no service bank. It has shop");
  });
});

describe("what a drill is told to break", () => {
  it("is a kind, a service and an operation", () => {
    expect(breakOf("kill:rds:CreateDBSnapshot")).toEqual({
      kind: "kill",
      service: "rds",
      operation: "CreateDBSnapshot",
      text: "kill:rds:CreateDBSnapshot",
    } satisfies Break);
  });

  it.each([
    "",
    "deny",
    "deny:rds",
    "deny:rds:",
    "explode:rds:CreateDBSnapshot",
    "deny:rds:A:B",
    "toString:a:b",
  ])("is nothing else: %o", (text) => {
    expect(() => breakOf(text)).toThrow("is nothing that a drill can break. Nothing was started. Write WHAT");
  });
});
