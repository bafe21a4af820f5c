import { describe, expect, it } from "vitest";
import { committedFindings } from "../../scripts/check-committed.ts";

const findings = (text: string, here: string[] = []) => committedFindings([{ path: "a.md", text }], here);

describe("committed text", () => {
  it.each([
    ["registry=https://registry." + "npmjs.org/"],
    ["https://nexus" + ".example.com/repository/npm"],
    ['"resolved"' + ': "https://example.com/a.tgz"'],
    ["see /ro" + "ot/notes.txt"],
    ["see /Us" + "ers/anna/notes.txt"],
  ])("with %s is found", (text) => {
    expect(findings(`# title\n${text}`)).toEqual([{ path: "a.md", line: 2, text: expect.any(String) }]);
  });

  it("with a folder of this machine is found", () => {
    expect(findings("made in /srv/checkouts/a", ["/srv/checkouts/"])).toHaveLength(1);
  });

  it("with paths that mean the same everywhere is fine", () => {
    expect(
      // In pieces: this very file is checked too, on machines where root is at home there.
      findings(
        ["/var/runtime/ca-cert.pem, /tmp, https://docs.aws.amazon.com/rds/, .", "x, ${work}", "a"].join(
          "/ro" + "ot/",
        ),
      ),
    ).toEqual([]);
  });

  it("that is binary is left out", () => {
    expect(findings("\0 /ro" + "ot/notes")).toEqual([]);
  });
});
