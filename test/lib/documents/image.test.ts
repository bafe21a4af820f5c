import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DocumentBench, documentBench } from "./bench.ts";

const IMAGE = "tunnel-proxy:latest";
let bench: DocumentBench;
let ids: { good: string; bad: string };
let token: string;
let tokens = 0;

const docker = async (...words: string[]) => (await bench.host.docker.docker(words)).text.trim();
const write = (direction: "apply" | "undo", more: Record<string, string> = {}) =>
  bench.run("image-write", {
    image: IMAGE,
    before: direction === "apply" ? ids.bad : ids.good,
    after: direction === "apply" ? ids.good : ids.bad,
    ...{ token, direction, unit: "proxy", folder: "/opt/proxy", ...more },
  });

beforeAll(async () => {
  bench = await documentBench();
  mkdirSync(join(bench.host.folder, "opt/proxy"));
  const build = async (text: string) => {
    bench.write("opt/proxy/version.txt", text);
    await docker("compose", "--project-directory", "opt/proxy", "build", "proxy");
    return docker("images", IMAGE);
  };
  bench.write(
    "opt/proxy/docker-compose.yml",
    `services:\n  proxy:\n    image: ${IMAGE}\n    build: .\n    command: [sh, -c, "exec sleep 1000"]\n`,
  );
  const good = await build("3.10.2");
  await docker("tag", IMAGE, "tunnel-proxy:3.10.2");
  ids = { good, bad: await build("3.11.0") };
});
beforeEach(async () => {
  tokens += 1;
  token = String(tokens).padStart(10, "0");
  await docker("tag", ids.bad, IMAGE);
  await docker("compose", "--project-directory", "opt/proxy", "up", "-d", "proxy");
});
afterAll(() => bench.test.close());

describe("a compose service's image", () => {
  it("is read by its id, and one that is not there is missing", async () => {
    const { output } = await bench.run("image-read", { image: IMAGE, to: "tunnel-proxy:3.10.2" });
    const other = await bench.run("image-read", { image: IMAGE, to: "tunnel-proxy:9.9.9" });

    expect(output).toBe(`image ${ids.bad}\ntarget ${ids.good}\n`);
    expect(other.output).toContain("target missing");
    expect(ids.good).not.toBe(ids.bad);
  });

  it("goes back, and the service runs it; an undo brings the other back, which had kept a name", async () => {
    expect(await write("apply")).toMatchObject({ code: 0 });
    const back = { image: await docker("images", IMAGE), running: bench.host.docker.running("proxy") };
    const kept = await docker("images", `tunnel-proxy:watchdog-${token}`);
    expect(await write("undo")).toMatchObject({ code: 0 });

    expect(back).toEqual({ image: ids.good, running: ids.good });
    expect(kept).toBe(ids.bad);
    expect(bench.host.docker.running("proxy")).toBe(ids.bad);
  });

  it("is left alone when the name stands for another one by now, and when nothing was begun", async () => {
    await docker("tag", ids.good, IMAGE);
    expect(await write("apply", { before: `sha256:${"0".repeat(64)}`, after: ids.bad })).toMatchObject({
      code: 3,
    });
    await docker("tag", ids.bad, IMAGE);

    expect(await write("undo")).toMatchObject({ code: 0, output: "nothing was begun\n" });
  });

  it("that is gone from the host is not gone back to", async () => {
    const found = await write("apply", { after: `sha256:${"0".repeat(64)}` });

    expect(found).toMatchObject({ code: 3, output: expect.stringContaining("is gone") });
    expect(await docker("images", IMAGE)).toBe(ids.bad);
  });

  it("is never pulled, and what the stand-in does not know is refused", async () => {
    expect(await bench.host.docker.docker(["pull", IMAGE])).toMatchObject({
      code: 1,
      text: expect.stringContaining("not known to the sandbox"),
    });
  });
});
