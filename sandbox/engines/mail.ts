import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createTransport, type Transporter } from "nodemailer";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { stateOf, type World } from "../world.ts";

/** A mail as it arrived. */
export interface Mail {
  to: string;
  from: string;
  subject: string;
  text: string;
  /** Sandbox time, epoch milliseconds. */
  at: number;
  /** The .eml file. */
  file: string;
}

interface MailState {
  mails: Mail[];
  listeners: ((mail: Mail) => void)[];
  transport: Transporter | undefined;
}

const mailState = stateOf((): MailState => ({ mails: [], listeners: [], transport: undefined }));

/** Opens the inbox of everybody: an SMTP server that keeps each mail as a file and accepts any address. */
export async function startMail(
  world: World,
  folder: string,
): Promise<{ host: string; port: number; folder: string }> {
  mkdirSync(folder, { recursive: true });
  const state = mailState(world);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        receive(
          world,
          folder,
          Buffer.concat(parts),
          session.envelope.rcptTo.map(({ address }) => address),
        ).then(() => done(), done);
      });
    },
  });
  server.on("error", (error) => world.log("mail", `the inbox failed: ${error.message}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  state.transport = createTransport({
    host: "127.0.0.1",
    port,
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: 2,
  });
  world.onStop(
    () =>
      new Promise<void>((resolve) => {
        state.transport?.close();
        server.close(() => resolve());
      }),
  );
  return { host: "127.0.0.1", port, folder };
}

async function receive(world: World, folder: string, raw: Buffer, recipients: string[]): Promise<void> {
  const state = mailState(world);
  const parsed = await PostalMime.parse(raw);
  const number = String(state.mails.length + 1).padStart(4, "0");
  const file = join(
    folder,
    `${number}-${(parsed.subject ?? "").replace(/[^A-Za-z0-9]+/g, "-").slice(0, 60)}.eml`,
  );
  writeFileSync(file, raw);
  const mail: Mail = {
    to: recipients.join(", "),
    from: parsed.from?.address ?? "",
    subject: parsed.subject ?? "",
    text: parsed.text ?? "",
    at: world.clock.now(),
    file,
  };
  state.mails.push(mail);
  for (const listener of state.listeners) listener(mail);
}

/** Sends one mail over SMTP; resolves when the server has taken it. `sender` is the name shown before the address. */
export async function sendMail(
  world: World,
  mail: { to: string; sender?: string; subject: string; text: string },
): Promise<void> {
  const { transport } = mailState(world);
  if (!transport)
    throw new Error(
      `The mail to ${mail.to} was not sent: the sandbox's mail server is not running. Start it with startMail.`,
    );
  const { sender, ...rest } = mail;
  await transport.sendMail({
    from: { name: sender || "AWS Notifications", address: "no-reply@sns.amazonaws.com" },
    date: new Date(world.clock.now()),
    ...rest,
  });
}

/** All mails so far, in the order they arrived. */
export const mails = (world: World): Mail[] => mailState(world).mails;

/** Hears each mail as it arrives. */
export function onMail(world: World, listener: (mail: Mail) => void): void {
  mailState(world).listeners.push(listener);
}
