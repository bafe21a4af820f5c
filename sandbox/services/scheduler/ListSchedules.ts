import type { ListSchedulesCommandInput, ListSchedulesOutput } from "@aws-sdk/client-scheduler";
import { operation, ServiceException } from "../../service.ts";
import { schedules } from "./state.ts";

const PAGE = 100;

/** Schedules by name, of one group or of all. */
export const ListSchedules = operation<ListSchedulesCommandInput, ListSchedulesOutput>({
  authorize: (_, { world }) => [
    { action: "scheduler:ListSchedules", resources: [world.arn("scheduler", "schedule/*/*")] },
  ],
  run: ({ GroupName, NamePrefix = "", State, NextToken, MaxResults = PAGE }, { world }) => {
    const from = NextToken === undefined ? 0 : Number(NextToken);
    if (!Number.isInteger(from))
      throw new ServiceException("ValidationException", "Invalid NextToken provided.");
    const found = [...schedules(world).values()]
      .filter(
        ({ group, name }) => (GroupName === undefined || group === GroupName) && name.startsWith(NamePrefix),
      )
      .filter(({ given }) => State === undefined || (given.State ?? "ENABLED") === State)
      .toSorted((left, right) => left.name.localeCompare(right.name));
    const end = from + MaxResults;
    return {
      Schedules: found.slice(from, end).map(({ arn, name, group, given, createdAt, changedAt }) => ({
        Arn: arn,
        Name: name,
        GroupName: group,
        State: given.State ?? "ENABLED",
        CreationDate: new Date(createdAt),
        LastModificationDate: new Date(changedAt),
        Target: { Arn: given.Target?.Arn },
      })),
      ...(end < found.length ? { NextToken: String(end) } : {}),
    };
  },
});
