/** The part of a systemd service unit that the sandbox's init has. */
export interface Unit {
  execStart: string[];
  execReload: string[] | undefined;
  /** Absolute, as the unit has it: inside the host. */
  workingDirectory: string;
  environmentFiles: string[];
  environment: Record<string, string>;
  restart: boolean;
}

/** Read, and without effect here: order of the boot, users, documentation. */
const WITHOUT_EFFECT =
  /^(Description|Documentation|After|Wants|Requires|WantedBy|User|Group|Type|RestartSec|KillMode|TimeoutStopSec)$/;

/** Words of a command line, with quotes as systemd has them. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

/** Reads a unit file. Throws with the line that the sandbox's init does not know. */
export function parseUnit(text: string): Unit {
  const unit: Unit = {
    execStart: [],
    execReload: undefined,
    workingDirectory: "/",
    environmentFiles: [],
    environment: {},
    restart: false,
  };
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith("[")) continue;
    const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === "ExecStart") unit.execStart = words(value);
    else if (key === "ExecReload") unit.execReload = words(value);
    else if (key === "WorkingDirectory") unit.workingDirectory = value;
    else if (key === "EnvironmentFile") unit.environmentFiles.push(value.replace(/^-/, ""));
    else if (key === "Environment")
      Object.assign(unit.environment, parseEnvironment(words(value).join("\n")));
    else if (key === "Restart") unit.restart = value === "always" || value === "on-failure";
    else if (!WITHOUT_EFFECT.test(key))
      throw new Error(`The sandbox's init does not know the line "${line}" of a unit`);
  }
  if (unit.execStart.length === 0) throw new Error("The unit has no ExecStart=");
  return unit;
}

/** `KEY=value` lines, as EnvironmentFile= reads them. */
export function parseEnvironment(text: string): Record<string, string> {
  const pairs = text
    .split("\n")
    .map((line) => /^\s*(?!#)([A-Za-z_]\w*)=(.*)$/.exec(line))
    .flatMap((found) => (found ? [[found[1]!, found[2]!.trim().replace(/^(["'])(.*)\1$/, "$2")]] : []));
  return Object.fromEntries(pairs) as Record<string, string>;
}
