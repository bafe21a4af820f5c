import { afterEach, expect, it, vi } from "vitest";
import { answer } from "../../bin/commands/aws.ts";
import { printable } from "../../bin/printable.ts";

afterEach(() => void vi.restoreAllMocks());

it("what a command answers obeys nothing that a row or an error holds, and keeps lines, tabs and letters", () => {
  const said: unknown[] = [];
  vi.spyOn(console, "log").mockImplementation((text) => void said.push(text));

  answer({}, "a\tb\nrow 1: \u001b[2J\u001b[1;32mapproved\r\u009b1A \u202emoc \u0007é 漢 😀", {});

  expect(said).toEqual(["a\tb\nrow 1: \ufffd[2J\ufffd[1;32mapproved\ufffd\ufffd1A \ufffdmoc \ufffdé 漢 😀"]);
});

it("an ordinary text is as it was", () => {
  const text = "Run error-rate-1a2b of orders → rolled back\n\tyes: 5 %";
  expect(printable(text)).toBe(text);
});
