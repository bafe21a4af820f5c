import type { Authorization, Call } from "../../service.ts";

/** Services that publish in the name of the account that owns the source; others need to be in the topic's policy. */
const ON_BEHALF = new Set(["cloudwatch.amazonaws.com"]);

/** What publishing needs: `aws:SourceOwner` is what the default policy of a topic asks for. */
export function publishing(topicArn: string | undefined, { principal, account }: Call): Authorization[] {
  const onBehalf = principal.type === "service" && ON_BEHALF.has(principal.service);
  return [
    {
      action: "sns:Publish",
      resources: [topicArn || "*"],
      ...(onBehalf ? { context: { "aws:SourceOwner": account } } : {}),
    },
  ];
}
