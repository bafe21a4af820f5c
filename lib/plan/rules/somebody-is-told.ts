import type { Rule } from "./rule.ts";

/** Someone is always told (invariant 17): where engineers have no mailbox, no chat and no webhook, nobody ever is. */
export const somebodyIsTold: Rule = ({ notify }) => {
  const { email = [], chat = false } = notify.audiences.engineers ?? {};
  const webhook = notify.webhooks.some(({ audience }) => audience === "engineers");
  return notify.email.length > 0 || email.length > 0 || (notify.chat && chat) || webhook
    ? []
    : [
        {
          path: ["notify"],
          reason: "nobody would be told of anything: engineers have no address",
          instead: "add `email: [oncall@example.com]`",
        },
      ];
};
