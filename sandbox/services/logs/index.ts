import type { Service } from "../../service.ts";
import { CreateLogGroup } from "./CreateLogGroup.ts";
import { CreateLogStream } from "./CreateLogStream.ts";
import { DeleteLogGroup } from "./DeleteLogGroup.ts";
import { DeleteLogStream } from "./DeleteLogStream.ts";
import { DeleteResourcePolicy } from "./DeleteResourcePolicy.ts";
import { DeleteRetentionPolicy } from "./DeleteRetentionPolicy.ts";
import { DescribeLogGroups } from "./DescribeLogGroups.ts";
import { DescribeLogStreams } from "./DescribeLogStreams.ts";
import { DescribeResourcePolicies } from "./DescribeResourcePolicies.ts";
import { FilterLogEvents } from "./FilterLogEvents.ts";
import { GetLogEvents } from "./GetLogEvents.ts";
import { GetQueryResults } from "./GetQueryResults.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { PutLogEvents } from "./PutLogEvents.ts";
import { PutResourcePolicy } from "./PutResourcePolicy.ts";
import { PutRetentionPolicy } from "./PutRetentionPolicy.ts";
import { StartQuery } from "./StartQuery.ts";
import { StopQuery } from "./StopQuery.ts";
import { logsState } from "./state.ts";
import { TagResource } from "./TagResource.ts";

/** Amazon CloudWatch Logs: groups, streams, events with filter patterns, Insights queries that count, resource policies. */
export const logs: Service = {
  name: "logs",
  client: () => import("@aws-sdk/client-cloudwatch-logs"),
  operations: {
    CreateLogGroup,
    CreateLogStream,
    DeleteLogGroup,
    DeleteLogStream,
    DeleteResourcePolicy,
    DeleteRetentionPolicy,
    DescribeLogGroups,
    DescribeLogStreams,
    DescribeResourcePolicies,
    FilterLogEvents,
    GetLogEvents,
    GetQueryResults,
    ListTagsForResource,
    PutLogEvents,
    PutResourcePolicy,
    PutRetentionPolicy,
    StartQuery,
    StopQuery,
    TagResource,
  },
  /** Logs has one set of policies for the account; each names its resources itself. */
  resourcePolicy: (world) => logsState(world).combined,
};
