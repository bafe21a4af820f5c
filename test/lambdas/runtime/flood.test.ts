import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Flood, fold, foldedText, NO_FLOOD } from "../../../lambdas/runtime/tell/flood.ts";

const MINUTE = 60_000;
const notice = (key: string, urgent = false) => ({ key, subject: key, urgent, at: "2026-01-15T10:00:00Z" });

/** Sends notices one after the other; gives what went out, with what each mail said of folded ones. */
function sent(given: { at: number; key: string; urgent?: boolean }[], most = 3) {
  let flood: Flood = NO_FLOOD;
  return given.flatMap(({ at, key, urgent }) => {
    const { send, folded, foldedCount, after } = fold(flood, notice(key, urgent), at, most);
    flood = after;
    return send ? [{ at, key, folded, foldedCount }] : [];
  });
}

describe("the flood guard", () => {
  it("lets the plan's number of mails through in a minute and shows the rest in the next one", () => {
    const storm = Array.from({ length: 10 }, (_, index) => ({ at: index * 1000, key: `n${index}` }));
    const out = sent([...storm, { at: MINUTE + 1, key: "later" }]);

    expect(out.map(({ key }) => key)).toEqual(["n0", "n1", "n2", "later"]);
    expect(out.at(-1)).toMatchObject({ foldedCount: 7 });
    expect(foldedText(out.at(-1)!.folded, 7)).toContain("Not mailed one by one since the last mail (7):");
  });

  it("folds a notice that says what was said within ten minutes", () => {
    const repeats = Array.from({ length: 30 }, (_, minute) => ({ at: minute * MINUTE, key: "refused" }));

    expect(sent(repeats).map(({ at }) => at / MINUTE)).toEqual([0, 10, 20]);
  });

  it("lets outcomes and calls for help through when the minute is used up", () => {
    const out = sent([
      ...Array.from({ length: 5 }, (_, index) => ({ at: index, key: `n${index}` })),
      { at: 10, key: "failed", urgent: true },
    ]);

    expect(out.map(({ key }) => key)).toEqual(["n0", "n1", "n2", "failed"]);
    expect(out.at(-1)!.foldedCount).toBe(2);
  });

  it("sends at most twice the plan's number in any minute's count, loses none, and stays small", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ gap: fc.integer({ min: 0, max: 30_000 }), urgent: fc.boolean(), key: fc.nat(20) }),
          {
            maxLength: 200,
          },
        ),
        (given) => {
          let at = 0;
          let flood: Flood = NO_FLOOD;
          let out = 0;
          let shown = 0;
          const perMinute = new Map<number, number>();
          for (const { gap, urgent, key } of given) {
            at += gap;
            const found = fold(flood, notice(String(key), urgent), at, 3);
            flood = found.after;
            if (!found.send) continue;
            out += 1;
            shown += found.foldedCount;
            perMinute.set(flood.minute, (perMinute.get(flood.minute) ?? 0) + 1);
          }

          for (const count of perMinute.values()) expect(count).toBeLessThanOrEqual(6);
          expect(out + shown + flood.foldedCount).toBe(given.length);
          expect(JSON.stringify(flood).length).toBeLessThan(5_000);
        },
      ),
    );
  });
});
