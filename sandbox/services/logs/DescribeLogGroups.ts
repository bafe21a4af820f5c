import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { groupName, logsState } from "./state.ts";

/** Groups by prefix or pattern, in pages of 50. */
export const DescribeLogGroups = operation<DescribeLogGroupsCommandInput, DescribeLogGroupsResponse>({
  authorize: (_, { world }) => [
    { action: "logs:DescribeLogGroups", resources: [world.arn("logs", "log-group::log-stream:*")] },
  ],
  run: (input, { world }) => {
    const wanted = [...logsState(world).groups.values()]
      .filter(
        ({ name }) =>
          name.startsWith(input.logGroupNamePrefix ?? "") &&
          name.toLowerCase().includes((input.logGroupNamePattern ?? "").toLowerCase()) &&
          (!input.logGroupIdentifiers?.length ||
            input.logGroupIdentifiers.some((each) => groupName(each) === name)),
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const from = Number(input.nextToken ?? 0);
    const to = from + (input.limit ?? 50);
    return {
      logGroups: wanted.slice(from, to).map((group) => {
        const logGroupArn = world.arn("logs", `log-group:${group.name}`);
        const events = [...group.streams.values()].flatMap((each) => each.events);
        return {
          logGroupName: group.name,
          creationTime: Math.floor(group.createdAt),
          retentionInDays: group.retentionDays,
          metricFilterCount: 0,
          arn: `${logGroupArn}:*`,
          logGroupArn,
          storedBytes: events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
          kmsKeyId: group.kmsKeyId,
          logGroupClass: "STANDARD",
          deletionProtectionEnabled: group.deletionProtection,
        };
      }),
      ...(wanted.length > to ? { nextToken: String(to) } : {}),
    };
  },
});
