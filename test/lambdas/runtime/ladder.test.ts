import { describe, expect, it } from "vitest";
import { exampleEvent } from "../../../lambdas/messages/example.ts";
import { type Ladder, standing } from "../../../lambdas/runtime/ladder.ts";
import type { EscalateEvent, EscalationCause } from "../../../lambdas/runtime/protocol.ts";

const NOW = Date.parse("2026-01-15T10:30:00Z");
const stored = (more: Partial<Ladder> = {}): Ladder => ({
  version: 3,
  run: "run-1",
  ladder: "run-1-failed",
  cause: "failed",
  state: "open",
  since: "2026-01-15T10:20:00Z",
  rung: 2,
  movesBy: "2026-01-15T10:40:00Z",
  ...more,
});
const asking = (run: string, cause: EscalationCause = "failed"): EscalateEvent => {
  const example = exampleEvent("orders", "escalated");
  return {
    ...example,
    verb: "rung",
    moment: "escalated",
    run: { ...example.run, id: run },
    escalation: { ...example.escalation!, cause, ladder: `${run}-${cause}` },
  };
};
const acknowledged = (at: string) => stored({ state: "acknowledged", by: "alice", at });

describe("a rung", () => {
  it.each<[string, Ladder | undefined, EscalateEvent, boolean]>([
    ["is called when there is no ladder", undefined, asking("run-1"), false],
    ["is called when the last ladder is over", stored({ state: "over" }), asking("run-2"), false],
    ["is called while its own ladder is open", stored(), asking("run-1"), false],
    [
      "is not called once its run is acknowledged",
      acknowledged("2026-01-15T10:29:00Z"),
      asking("run-1"),
      true,
    ],
    [
      "is not called by the second ladder of an acknowledged run",
      acknowledged("2026-01-15T10:29:00Z"),
      asking("run-1", "not-restored"),
      true,
    ],
    ["is not called while another ladder climbs", stored(), asking("run-2"), true],
    [
      "is called when the ladder that climbs has died",
      stored({ movesBy: "2026-01-15T10:29:59Z" }),
      asking("run-2"),
      false,
    ],
    [
      "is called for a new failure after an acknowledgement of another run",
      acknowledged("2026-01-15T10:29:00Z"),
      asking("run-2"),
      false,
    ],
    [
      "is not called for used-up attempts while somebody is on the incident",
      acknowledged("2026-01-15T10:29:00Z"),
      asking("run-2", "exhausted"),
      true,
    ],
    [
      "is called for used-up attempts when that was long ago",
      acknowledged("2026-01-15T09:00:00Z"),
      asking("run-2", "exhausted"),
      false,
    ],
  ])("%s", (_, ladder, event, over) => {
    const found = standing(ladder, event, NOW);

    expect(found.over).toBe(over);
    expect(found.note).not.toBe("");
  });
});
