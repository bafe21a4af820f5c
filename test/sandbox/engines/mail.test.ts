import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { machineClock } from "../../../sandbox/clock.ts";
import { type Mail, mails, onMail, sendMail, startMail } from "../../../sandbox/engines/mail.ts";
import { World } from "../../../sandbox/world.ts";

let root: string;
let world: World;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "watchdog-mail-"));
  world = new World({ root, clock: machineClock(60) });
});
afterEach(async () => {
  await world.stop();
  rmSync(root, { recursive: true, force: true });
});

describe("the inbox", () => {
  it("keeps each mail as a file that says what was sent", async () => {
    const { folder } = await startMail(world, join(root, "mail"));
    const heard: Mail[] = [];
    onMail(world, (mail) => heard.push(mail));
    const text = `Restored: größer ✓\n${"https://example.test/?Token=".padEnd(400, "0123456789")}\n`;

    await sendMail(world, { to: "oncall@example.test", subject: "Rollback complete", text });

    const [mail] = mails(world);
    expect(mail).toMatchObject({
      to: "oncall@example.test",
      from: "no-reply@sns.amazonaws.com",
      subject: "Rollback complete",
    });
    expect(mail?.text.trim()).toBe(text.trim());
    expect(heard).toEqual([mail]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readFileSync(mail!.file, "utf8")).toContain(
      "From: AWS Notifications <no-reply@sns.amazonaws.com>",
    );
  });

  it("takes mail from any client over real SMTP, and every mail has its own file", async () => {
    const { host, port, folder } = await startMail(world, join(root, "mail"));
    const client = createTransport({ host, port, secure: false, ignoreTLS: true });

    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.sendMail({ from: "a@b.test", to: "c@d.test", subject: "the same", text: `mail ${index}` }),
      ),
    );

    expect(new Set(mails(world).map(({ text }) => text.trim())).size).toBe(20);
    expect(readdirSync(folder)).toHaveLength(20);
  });

  it("without a running server a mail is an error that says so", async () => {
    await expect(sendMail(world, { to: "a@b.test", subject: "s", text: "t" })).rejects.toThrow(
      "The mail to a@b.test was not sent: the sandbox's mail server is not running",
    );
    expect(existsSync(join(root, "mail"))).toBe(false);
  });
});
