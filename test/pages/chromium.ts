import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Debian's chromium is; undefined when it is not installed. */
export const CHROMIUM = [process.env["CHROMIUM_PATH"] ?? "", ...PLACES].find(
  (path) => path !== "" && existsSync(path),
);

if (!CHROMIUM)
  console.warn("SKIPPED: the pages are not tested in a browser: install chromium, or set CHROMIUM_PATH.");

/** Starts a headless Chromium. `hosts`: names of the sandbox → the address and port that stand behind their 443. */
export function startChromium(hosts: Record<string, string>): Promise<Browser> {
  const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name}:443 ${address}`);
  return chromium.launch({
    executablePath: CHROMIUM!,
    // Its own sandbox needs rights that a container, or root, does not have.
    args: ["--no-sandbox", "--disable-dev-shm-usage", `--host-resolver-rules=${rules.join(", ")}`],
  });
}
