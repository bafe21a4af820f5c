import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunContext } from "../../../lambdas/runtime/protocol.ts";
import {
  type ApprovalRequest,
  answerUpdate,
  changesHash,
  closed,
  isRequester,
  keptApproval,
  linkKey,
  spanText,
} from "../../../lib/plan/approval.ts";

const run = { id: "run-1", service: "shop", plan: "p1" };
const change = (after: unknown) => ({ key: { before: { id: "a" }, after: { id: after } } });
const json = fc.dictionary(fc.string(), fc.jsonValue());

describe("what an approval is bound to", () => {
  it("is the same however the same changes are written down", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const reversed = Object.fromEntries(Object.entries(before).toReversed());
        expect(changesHash(run, "full", { step: { after, before: reversed } })).toBe(
          changesHash(run, "full", { step: { before: structuredClone(before), after } }),
        );
      }),
    );
  });

  it("is another one for another target, step, level, run or plan", () => {
    const hashes = [
      changesHash(run, "full", change("b")),
      changesHash(run, "full", change("c")),
      changesHash(run, "full", change(["b"])),
      changesHash(run, "full", { other: change("b").key }),
      changesHash(run, "full", {}),
      changesHash(run, "config", change("b")),
      changesHash({ ...run, id: "run-2" }, "full", change("b")),
      changesHash({ ...run, plan: "p2" }, "full", change("b")),
    ];

    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("differs whenever any value of a change differs", () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right));
        fc.pre(!sameMembers(left, right));
        expect(changesHash(run, "full", { step: { before: left, after: {} } })).not.toBe(
          changesHash(run, "full", { step: { before: right, after: {} } }),
        );
      }),
    );
  });
});

/** Equal but for the order of members, or for what JSON itself does not tell apart (-0). */
function sameMembers(left: unknown, right: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === "object" && value !== null
        ? Object.entries(value)
            .map(([key, each]) => [key, sorted(each)])
            .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
        : value;
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

const manual = (by: string, identity?: string): Pick<RunContext, "trigger"> => ({
  trigger: { type: "manual", by, ...(identity ? { identity } : {}) },
});

describe("who started a run by hand", () => {
  it.each([
    ["alice", "alice@example.com"],
    ["Alice@Example.com", "alice@example.com"],
    ["alice", "arn:aws:iam::123456789012:user/alice"],
    ["alice", "arn:aws:sts::123456789012:assumed-role/Admin/alice"],
    ["alice", "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com"],
  ])("%s may not approve as %s", (by, who) => {
    expect(isRequester(manual(by), who)).toBe(true);
  });

  it("is also known by the identity that the command line recorded", () => {
    const identity = "arn:aws:sts::123456789012:assumed-role/Admin/alice";

    expect(isRequester(manual("root", identity), identity)).toBe(true);
    expect(isRequester(manual("root", identity), "alice@example.com")).toBe(true);
  });

  it.each([
    ["bob", "alice@example.com"],
    ["somebody", "somebody@example.com"],
    ["", "alice@example.com"],
    ["Admin", "arn:aws:sts::123456789012:assumed-role/Admin/alice"],
  ])("%s is somebody else than %s", (by, who) => {
    expect(isRequester(manual(by), who)).toBe(false);
  });

  it("is nobody when an alarm did", () => {
    const trigger = { type: "event", criterion: "c", source: "s", detailType: "d", at: "t" } as const;

    expect(isRequester({ trigger }, "s")).toBe(false);
  });
});

const request = {
  run: { ...run, trigger: { type: "manual", by: "x" } },
  hash: "h",
  asking: { expiresAt: "2026-01-08T11:00:00.000Z" },
} as unknown as ApprovalRequest;
const before = Date.parse("2026-01-08T10:59:59.999Z");

describe("a request", () => {
  it("is open until its deadline, for the plan that asked", () => {
    expect(closed({ state: "open", request }, before, "p1")).toBeUndefined();
    expect(closed({ state: "open", request }, before + 1, "p1")).toBe("expired");
    expect(closed({ state: "open", request }, before, "p2")).toBe("plan-changed");
    for (const state of ["approved", "rejected", "deadline"] as const)
      expect(closed({ state, request }, before, "p1")).toBe("decided");
  });

  it("counts as expired when its deadline cannot be read", () => {
    const broken = { ...request, asking: { ...request.asking, expiresAt: "soon" } };

    expect(closed({ state: "open", request: broken }, before, "p1")).toBe("expired");
  });

  it("is read back as it was answered", () => {
    const row = {
      request: { S: JSON.stringify(request) },
      state: { S: "rejected" },
      token: { S: "t" },
      by: { S: "lead" },
      via: { S: "page" },
      at: { S: "now" },
    };

    expect(keptApproval(row)).toEqual({
      request,
      state: "rejected",
      token: "t",
      answer: { outcome: "rejected", by: "lead", via: "page", at: "now" },
    });
    expect(keptApproval({ ...row, state: { S: "deadline" } }).answer).toBeUndefined();
  });

  it("is answered under a condition: open, in time, the same changes", () => {
    const update = answerUpdate(
      "table",
      { request },
      { outcome: "approved", by: "lead", via: "page", at: "now" },
    );

    expect(update.ConditionExpression).toBe("#state = :open AND #hash = :hash AND expiresAt > :at");
    expect(update.ExpressionAttributeValues[":hash"]).toEqual({ S: "h" });
    expect(update.Key).toEqual({ pk: { S: "approval#shop" }, sk: { S: "REQUEST#run-1" } });
  });

  it("keeps of a link's id nothing but its SHA-256", () => {
    expect(linkKey("abc")).toBe("LINK#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

it("times are said in the unit a person would use", () => {
  expect([0, 59, 60, 3_600, 3_660, 86_400].map(spanText)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "1 h",
    "1 h 1 min",
    "24 h",
  ]);
});
