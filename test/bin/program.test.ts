import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { examplesOf } from "../../bin/cli-page.ts";
import { completion, SHELLS } from "../../bin/commands/completion.ts";
import { watchdogProgram } from "../../bin/program.ts";

const names = watchdogProgram().commands.map((command) => command.name());

/** Runs the command line itself. */
const watchdog = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, ["bin/watchdog.ts", ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });

describe.each(names)("watchdog %s", (name) => {
  const command = () => watchdogProgram().commands.find((each) => each.name() === name)!;

  it("says what it does, answers programs too, and shows how it is called", () => {
    expect(command().description().length).toBeGreaterThan(10);
    expect(command().options.map(({ long }) => long)).toContain("--json");
    const examples = examplesOf(command());
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples.filter((line) => line.startsWith("watchdog")))
      expect(example).toMatch(new RegExp(`^watchdog ${name}\\b`));
  });

  it("takes region and profile together, as the AWS CLI has them", () => {
    const options = command().options.map(({ long }) => long);

    expect(options.includes("--profile")).toBe(options.includes("--region"));
  });
});

describe("an option that the program has too", () => {
  it.each([
    ["redeploy", "ai-reliability"],
    ["preflight", "ai-reliability"],
  ])("is %s's own after its name", (name, argument) => {
    const program = watchdogProgram();
    const command = program.commands.find((each) => each.name() === name)!;
    command.action(() => undefined);
    program.parse([name, argument, "--version", "2.4.1"], { from: "user" });

    expect(command.opts()["version"]).toBe("2.4.1");
  });
});

describe("exit codes", () => {
  it("0 for help, 1 for what could not be done, 2 for wrong usage", () => {
    expect(watchdog(["--help"]).status).toBe(0);
    expect(watchdog(["completion", "tcsh"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('"tcsh" is no shell'),
    });
    expect(watchdog(["no-such-command"]).status).toBe(2);
    expect(watchdog(["history", "--no-such-option"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("unknown option"),
    });
  }, 60_000);
});

describe("a plan of one's own", () => {
  it("is written by init, once, and two of one service are refused by validate", () => {
    const folder = mkdtempSync(join(tmpdir(), "watchdog-init-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [one, two] = [join(folder, "plans", "checkout.yaml"), join(folder, "other.yaml")];

    const first = watchdog(["init", "checkout", "--file", one, "--json"]);
    const again = watchdog(["init", "checkout", "--file", one]);
    watchdog(["init", "checkout", "--file", two]);
    const both = watchdog(["validate", one, two]);

    expect(first).toMatchObject({ status: 0, stdout: `${JSON.stringify({ file: one })}\n` });
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("exists already") });
    expect(both).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`${two}:1:1  service "checkout" has a plan already: ${one}`),
    });
  }, 60_000);
});

describe("wrong numbers", () => {
  it.each([
    ["drill", "--speed", "fast"],
    ["drill", "--speed", "0"],
    ["sandbox", "--port", "99999"],
    ["sandbox", "--seed", "1.5"],
  ])("are wrong usage before anything starts: %s %s %s", async (name, option, value) => {
    const program = watchdogProgram();
    for (const each of [program, ...program.commands]) each.configureOutput({ writeErr: () => undefined });

    await expect(program.parseAsync([name, option, value], { from: "user" })).rejects.toMatchObject({
      code: "commander.invalidArgument",
      message: expect.stringContaining(option),
    });
  });
});

describe("profile and region", () => {
  it("of the option come before the environment, and AWS_DEFAULT_REGION is understood", () => {
    const folder = mkdtempSync(join(tmpdir(), "watchdog-aws-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [config, credentials] = [join(folder, "config"), join(folder, "credentials")];
    writeFileSync(config, "[profile there]\nregion = eu-central-1\n");
    writeFileSync(credentials, "[there]\naws_access_key_id = AKIATHERE\naws_secret_access_key = secret\n");
    const env = {
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      // Nobody listens there: what is asked for is seen in the error alone.
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_MAX_ATTEMPTS: "1",
      AWS_REGION: "",
      AWS_ACCESS_KEY_ID: "",
    };

    const unknown = watchdog(["status", "orders", "--profile", "nowhere"], {
      ...env,
      AWS_REGION: "us-east-1",
    });
    const known = watchdog(["status", "orders", "--profile", "there"], env);
    const fallback = watchdog(["status", "orders"], {
      ...env,
      AWS_DEFAULT_REGION: "us-west-2",
      AWS_ACCESS_KEY_ID: "AKIAHERE",
      AWS_SECRET_ACCESS_KEY: "secret",
    });

    expect(unknown.stderr).toMatch(/nowhere|credentials/i);
    for (const { stderr } of [known, fallback]) {
      expect(stderr).not.toMatch(/region is missing|credentials/i);
      expect(stderr).toMatch(/ECONNREFUSED|connect/i);
    }
  }, 60_000);
});

describe("shell completion", () => {
  const has = (program: string) => spawnSync(program, ["--version"]).status === 0;

  it("of bash offers the commands, then the options of the command", () => {
    const script = completion(watchdogProgram(), "bash");
    const asked = (words: string[]) =>
      execFileSync(
        "bash",
        [
          "-c",
          `${script}\nCOMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}; _watchdog; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8" },
      )
        .trim()
        .split("\n");

    expect(asked(["watchdog", "his"])).toEqual(["history"]);
    expect(asked(["watchdog", "history", "--s"]).toSorted()).toEqual(["--service", "--since"]);
    expect(asked(["watchdog", "validate", "packag"])).toContain("package.json");
  });

  it("of every shell names every command", () => {
    for (const shell of SHELLS)
      for (const name of names) expect(completion(watchdogProgram(), shell)).toContain(name);
  });

  it.each(["zsh", "fish"] as const)("of %s is a script that it takes", (shell) => {
    if (!has(shell)) return console.warn(`SKIPPED: ${shell} is not installed, its completion is not tried.`);
    const checked = spawnSync(shell, ["-n"], {
      input: completion(watchdogProgram(), shell),
      encoding: "utf8",
    });
    expect(checked).toMatchObject({ status: 0, stderr: "" });
  });
});
