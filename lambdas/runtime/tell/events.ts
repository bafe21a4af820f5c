import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { once } from "../clients.ts";
import type { NoticeDetail } from "../notice-event.ts";
import { DETAIL_TYPE, SOURCE } from "../notices.ts";
import { tellSettings } from "./topics.ts";

const events = once(() => new EventBridgeClient(tellSettings));

/** Puts a notice on the account's default event bus, for other tools. */
export async function putNotice(detail: NoticeDetail): Promise<void> {
  const { Entries = [] } = await events().send(
    new PutEventsCommand({
      Entries: [{ Source: SOURCE, DetailType: DETAIL_TYPE, Detail: JSON.stringify(detail) }],
    }),
  );
  const failed = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
  if (failed) throw new Error(`${failed.ErrorCode}: ${failed.ErrorMessage ?? ""}`);
}
