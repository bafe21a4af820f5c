import { VARIABLES } from "../../lambdas/messages/variables.ts";
import { AUDIENCES, PLAN_MOMENTS, type PlanMoment, USUAL } from "../../lambdas/runtime/notices.ts";
import { MOMENT_OF, type Moment } from "../../lambdas/runtime/protocol.ts";
import { code, MADE, page, table } from "./markdown.ts";

const WHEN: Record<PlanMoment, string> = {
  start: "every change is resolved, nothing is changed yet",
  approval: "the plan leaves the decision to a person",
  progress: "restored and verified; then a sign of life during the watch",
  complete: "every check held through the whole watch",
  failed: "the run did not make it",
  escalated: "a rung of the ladder: nobody has acknowledged",
  notice: "nothing was changed: a dry run, a refusal, a decision to do nothing",
  redeploy: "a fixed release goes out again: start, each step, a sign of life a day, back, end",
};

/** docs/notices.md: who is told of what, in which words, over which way. */
export function noticesPage(): string {
  const states = (moment: PlanMoment) =>
    (Object.entries(MOMENT_OF) as [Moment, PlanMoment][])
      .filter(([, each]) => each === moment)
      .map(([state]) => code(state))
      .join(", ");
  return page(
    MADE,
    "# Notices",
    "Who is told of what. Everybody's words can be seen before anything is deployed: " +
      `${code("watchdog notify --preview PLAN --moment failed --audience users")}.`,
    "## Moments and audiences",
    table(
      ["Moment", "When", "In the workflow", ...AUDIENCES],
      PLAN_MOMENTS.map((moment) => [
        code(moment),
        WHEN[moment],
        states(moment),
        ...AUDIENCES.map((audience) => (USUAL[audience].includes(moment) ? "usually" : "-")),
      ]),
    ),
    `${code("moments")} of an audience replaces what it usually hears of. Alarms of the watchdog itself go to engineers.`,
    "## Words",
    "Templates are [Liquid](https://liquidjs.com), per audience and moment; what a plan does not say stays the default " +
      "(`lambdas/messages/templates/`). They cannot read files, and take half a second at the most. An unknown variable, filter " +
      "or tag is an error of `watchdog validate` with file, line and column. A subject is one line of ASCII, cut at 99 " +
      "characters. What looks like a password, token or key is blanked.",
    `\`\`\`yaml
notify:
  audiences:
    users:
      email: [everybody@shop.example]
      templates:
        start:
          subject: "{{ service }}: we are on it"
          text: |
            Something went wrong with our last change{% if version %} ({{ version }}){% endif %}.
            We are taking it back.
\`\`\``,
    table(
      ["Variable", "Holds"],
      Object.entries(VARIABLES).map(([name, meaning]) => [code(name), meaning]),
    ),
    "## Ways",
    table(
      ["Way", "Plan", "How"],
      [
        [
          "E-mail",
          "`email`",
          "one SNS topic; each address confirms once and gets what it listens to by a filter policy",
        ],
        [
          "Chat",
          "`notify.chat`, `chat: true` of an audience",
          "an SNS topic of custom notifications for Amazon Q Developer in chat applications; add the stack's `ChatTopicArn` to a channel",
        ],
        [
          "Webhook",
          "`notify.webhooks`",
          "POST of JSON over https: status pages, broadcasts, chat's incoming webhooks; a token, or the URL itself, comes from Secrets Manager when it is sent and stands in no log and no history",
        ],
        ["Event", "always", "[events.md](events.md)"],
      ],
    ),
    "A webhook has 5 seconds. A redirect is not followed, and a private address is asked only with `allowPrivate: true`; " +
      "link-local addresses never. What cannot be sent does not hold up the run: engineers are mailed which target it was and " +
      "what it would have said (over chat or a webhook when it is their own mail that failed), the event says `unreached`, and " +
      "the metric `FailedNotifications` rings the alarm `<service>-watchdog-unannounced`.",
    "## Floods",
    "An audience gets at most `notify.mostPerMinute` mails a minute, outcomes and calls for help up to twice that. A repetition " +
      "within ten minutes, and what is beyond the limit, is folded: the next mail lists it. (SNS suspends an e-mail subscription " +
      "above ten messages a second.)",
    "## Escalation",
    "`escalation` is a ladder: rungs with a time since the call, and whom each calls. It is a state machine of its own, " +
      "`<service>-escalation`, and so outlives the run. A run calls it when it failed, when the plan's attempts are used up, when " +
      "verification has not passed by `notRestoredAfter`, and at once for `criteria`; a rule calls it for a run that was stopped or ran out of time. It goes on, the last rung again and again, " +
      "until somebody says `watchdog ack RUN`; then it is silent. One ladder climbs for a service at a time, and used-up attempts " +
      "within an hour of an acknowledgement call nobody anew. A ladder that nobody answered ends as FAILED with `NobodyAcknowledged`.",
  );
}
