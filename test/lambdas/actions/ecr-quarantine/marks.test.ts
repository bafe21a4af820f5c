import { expect, it } from "vitest";
import { inQuarantine, nextMark } from "../../../../lambdas/runtime/quarantine.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

it("an image goes into quarantine, out of it and in again, and no tag is taken away", () => {
  const tags = ["1.3.0"];
  const seen: boolean[] = [inQuarantine(tags)];
  for (let time = 0; time < 3; time += 1) {
    const { mark, lift } = nextMark(DIGEST, tags);
    tags.push(mark);
    seen.push(inQuarantine(tags));
    tags.push(lift);
    seen.push(inQuarantine(tags));
  }

  expect(seen).toEqual([false, true, false, true, false, true, false]);
  expect(new Set(tags).size).toBe(7);
  for (const tag of tags) expect(tag).toMatch(/^[\w][\w.-]{0,127}$/);
});

it("an image whose own tags only sound like it is not in quarantine", () => {
  expect(inQuarantine(["unquarantined-1", "quarantine", "pre-quarantined-2"])).toBe(false);
});
