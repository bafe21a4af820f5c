import { DescribeDocumentCommand } from "@aws-sdk/client-ssm";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import type { ProgressAnswer } from "../../runtime/protocol.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { described, isBack } from "./described.ts";
import type { Before, HostBefore, Input } from "./input.ts";
import { commitChange, refOf } from "./plan-code.ts";
import { entries, filesOf, replacements } from "./plan-files.ts";
import { imageChange } from "./plan-image.ts";
import { documentName, type Ended, refuseOffline, send, ssm, wait } from "./run-command.ts";
import { ssmCommand } from "./spec.ts";

type Direction = "apply" | "undo";

/** Milliseconds preflight waits for its answers, and apply and revert before they leave the waiting to the engine. */
const READ_MILLISECONDS = 40_000;
const CHANGE_MILLISECONDS = 30_000;

const kindOf = (input: Input) => (input.code ? "code" : input.image ? "image" : "files");
const tokenOf = ({ run, step }: StepContext) => digest(`${run.id}/${step.id}`, 10);

/** How the service is told, as the documents take it. */
function serviceOf(input: Input): Record<"activate" | "unit" | "folder", string> {
  if (input.nginx) return { activate: "reload-or-restart", unit: input.nginx.unit, folder: "/etc" };
  if (input.image) {
    const { service, folder } = input.image.compose;
    return { activate: "compose", unit: service, folder };
  }
  const { unit, compose } = input.environment ?? input.code ?? {};
  return compose
    ? { activate: "compose", unit: compose.service, folder: compose.folder }
    : { activate: unit ? "restart" : "none", unit: unit ?? "-", folder: input.code?.folder ?? "/etc" };
}

function readParameters(input: Input, ref: string): Record<string, string> {
  const { unit, activate } = serviceOf(input);
  const asked = activate === "compose" ? "-" : unit;
  if (input.image) return { image: input.image.name, to: input.image.to };
  return input.code
    ? { folder: input.code.folder, ref, unit: asked }
    : {
        pairs: filesOf(input)
          .map(({ path, from }) => `${path}:${from}`)
          .join(" "),
        unit: asked,
      };
}

function writeParameters(
  input: Input,
  host: HostBefore,
  direction: Direction,
  token: string,
): Record<string, string> {
  const { activate, unit, folder } = serviceOf(input);
  if (host.image) {
    const { before, after } = host.image;
    const [from, to] = direction === "apply" ? [before, after] : [after, before];
    return { image: input.image!.name, before: from, after: to, token, direction, unit, folder };
  }
  if (!host.commit)
    return {
      replacements: entries(host.files, direction, token),
      test: input.nginx ? "nginx" : "none",
      ...{ token, direction, activate, unit, folder },
    };
  const { before, after, branch } = host.commit;
  return {
    folder: input.code!.folder,
    before: direction === "apply" ? before : after,
    after: direction === "apply" ? after : before,
    branch: direction === "apply" ? "-" : branch,
    install: input.code!.install,
    ...{ token, direction, activate, unit },
  };
}

/** Sends the writing document wherever something is to be done, and waits for a while. */
async function change(
  input: Input,
  { hosts }: Before,
  direction: Direction,
  context: StepContext,
): Promise<ProgressAnswer> {
  const token = tokenOf(context);
  const commands: Record<string, string> = {};
  for (const each of hosts.filter((host) => !isBack(host)))
    commands[each.host] = await send(
      `${kindOf(input)}-write`,
      each.host,
      writeParameters(input, each, direction, token),
    );
  return progress(input, commands, await wait(commands, context, CHANGE_MILLISECONDS), direction);
}

/** What has ended well is done; the first that has not is thrown, with what was left as it was. */
function progress(
  input: Input,
  commands: Record<string, string>,
  found: Ended[],
  direction: Direction,
): ProgressAnswer {
  for (const each of found) if (each.status !== "Success") throw failure(each, direction);
  const running = Object.keys(commands).filter((host) => !found.some((each) => each.host === host));
  if (running.length > 0)
    return { done: false, note: `commands run on ${running.join(", ")}`, progress: { commands } };
  return {
    done: true,
    note: `${input.hosts.join(", ")}: ${direction === "apply" ? "put back" : "as before"}`,
    outputs: { hosts: input.hosts },
  };
}

/** The documents' exit codes in words for 3 a.m. (lib/documents/shell.ts). */
function failure({ host, status, code, output, error }: Ended, direction: Direction): WatchdogError {
  const said = [output.trim().split("\n").at(-1) ?? "", error].filter(Boolean).join("; ").slice(0, 1500);
  if (code === 3)
    return new WatchdogError(
      "ChangedSincePreflight",
      `On the host ${host} something is not what this run found there: ${said}. Nothing was changed on it. Find out who changed it.`,
    );
  if (code === 4)
    return new WatchdogError(
      "WorkFailed",
      `On the host ${host} nginx -t refuses the earlier files: ${error}. Everything was put back, and nginx was not reloaded. Name other copies in the plan.`,
    );
  const left =
    direction === "apply"
      ? "What was there is kept beside each file as .watchdog-…, or as its commit; the run undoes the step."
      : "Look at the host: it may be half way.";
  return new WatchdogError(
    "WorkFailed",
    `The command on the host ${host} ended ${status} (${code}): ${said}. ${left}`,
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const kind = kindOf(input);
    await refuseOffline(input.hosts);
    const ref = input.code ? refOf(input.code.to, context.run) : "-";
    const commands: Record<string, string> = {};
    try {
      await ssm().send(new DescribeDocumentCommand({ Name: documentName(`${kind}-write`) }));
      for (const host of input.hosts)
        commands[host] = await send(`${kind}-read`, host, readParameters(input, ref));
    } catch (error) {
      if ((error as Error).name !== "InvalidDocument") throw error;
      throw refusal(
        `A command document of this plan is gone: ${(error as Error).message} Nothing was changed. Deploy the plan's stack again.`,
      );
    }
    const found = await wait(commands, context, READ_MILLISECONDS);
    const hosts = input.hosts.map((host): HostBefore => {
      const answer = found.find((each) => each.host === host);
      if (answer?.status !== "Success")
        throw refusal(
          `The host ${host} did not say what it has (${answer ? `${answer.status}: ${answer.error}` : "no answer in time"}). Nothing was changed. Look at its agent.`,
        );
      if (input.image) return { host, files: [], image: imageChange(host, input.image, answer.output) };
      return input.code
        ? { host, files: [], commit: commitChange(host, input.code.folder, ref, answer.output) }
        : { host, files: replacements(host, filesOf(input), answer.output) };
    });
    const token = tokenOf(context);
    return { before: { hosts }, ...described(input, hosts, token), expects: { hosts: input.hosts } };
  },
  apply: (input, { before }, context) => change(input, before, "apply", context),
  revert: (input, { before }, context) => change(input, before, "undo", context),
  async poll(input, _, { phase, progress: carried, ...context }) {
    const { commands = {} } = (carried ?? {}) as { commands?: Record<string, string> };
    return progress(input, commands, await wait(commands, context, 0), phase === "apply" ? "apply" : "undo");
  },
};

export const handler = serveAction(ssmCommand, verbs);
