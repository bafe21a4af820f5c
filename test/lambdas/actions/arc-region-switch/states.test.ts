import { describe, expect, it } from "vitest";
import { judged } from "../../../../lambdas/actions/arc-region-switch/states.ts";

const execution = (executionState: string, ...statuses: string[]) => ({
  executionId: "us-west-2/0123456789abcdef",
  executionState,
  executionAction: "activate" as const,
  executionRegion: "us-west-2",
  stepStates: statuses.map((status, index) => ({ name: `step ${index + 1}`, status })),
});

describe("an execution of a Region switch plan", () => {
  it.each([
    ["completed", true, /is through: activate us-west-2/],
    ["completedMonitoringApplicationHealth", true, /is through/],
    ["pending", false, /has not begun/],
    ["inProgress", false, /is at step 2, 1 of 3 steps done/],
    ["pausedByOperator", false, /was paused by an operator/],
  ])("that is %s is through: %s", (state, done, note) => {
    expect(judged(execution(state, "completed", "running", "notStarted"), "apply")).toEqual({
      done,
      note: expect.stringMatching(note),
    });
  });

  it("that waits for a person in ARC goes on waiting, and says for what", () => {
    const found = judged(execution("pendingManualApproval", "completed", "pendingApproval"), "apply");

    expect(found).toMatchObject({ done: false, note: expect.stringContaining("to approve step 2, 1 of 2") });
  });

  it.each([
    "pausedByFailedStep",
    "completedWithExceptions",
    "canceled",
    "planExecutionTimedOut",
    "failed",
    "new",
  ])("that is %s is a failure that says where it stopped and what stands", (state) => {
    expect(() => judged(execution(state, "completed", "failed", "notStarted"), "apply")).toThrow(
      new RegExp(`is ${state} at step 2, 1 of 3 steps done \\(step 1\\)\\. .* in ARC in us-west-2`),
    );
  });

  it("counts as undone only when it changed nothing", () => {
    expect(judged(execution("canceled", "canceled", "notStarted"), "revert").done).toBe(true);
    expect(judged(execution("inProgress", "running"), "revert").done).toBe(false);
    expect(() => judged(execution("canceled", "completed", "canceled"), "revert")).toThrow(
      /did step 1\. Nothing takes that back by itself/,
    );
    expect(() => judged(execution("completed", "completed"), "revert")).toThrow(/Nothing takes that back/);
  });
});
