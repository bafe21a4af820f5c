import type { Service } from "../../service.ts";
import { DeleteAlarms } from "./DeleteAlarms.ts";
import { DeleteDashboards } from "./DeleteDashboards.ts";
import { DescribeAlarmHistory } from "./DescribeAlarmHistory.ts";
import { DescribeAlarms } from "./DescribeAlarms.ts";
import { DescribeAlarmsForMetric } from "./DescribeAlarmsForMetric.ts";
import { DisableAlarmActions } from "./DisableAlarmActions.ts";
import { EnableAlarmActions } from "./EnableAlarmActions.ts";
import { startEvaluation } from "./evaluation-loop.ts";
import { GetDashboard } from "./GetDashboard.ts";
import { GetMetricData } from "./GetMetricData.ts";
import { GetMetricStatistics } from "./GetMetricStatistics.ts";
import { ListDashboards } from "./ListDashboards.ts";
import { ListMetrics } from "./ListMetrics.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { PutCompositeAlarm } from "./PutCompositeAlarm.ts";
import { PutDashboard } from "./PutDashboard.ts";
import { PutMetricAlarm } from "./PutMetricAlarm.ts";
import { PutMetricData } from "./PutMetricData.ts";
import { SetAlarmState } from "./SetAlarmState.ts";
import { TagResource } from "./TagResource.ts";
import { UntagResource } from "./UntagResource.ts";

/** Amazon CloudWatch: metrics, alarms, dashboards. `monitoring` is its name in signatures. */
export const monitoring: Service = {
  name: "monitoring",
  client: () => import("@aws-sdk/client-cloudwatch"),
  operations: {
    DeleteAlarms,
    DeleteDashboards,
    DescribeAlarmHistory,
    DescribeAlarms,
    DescribeAlarmsForMetric,
    DisableAlarmActions,
    EnableAlarmActions,
    GetDashboard,
    GetMetricData,
    GetMetricStatistics,
    ListDashboards,
    ListMetrics,
    ListTagsForResource,
    PutCompositeAlarm,
    PutDashboard,
    PutMetricAlarm,
    PutMetricData,
    SetAlarmState,
    TagResource,
    UntagResource,
  },
  start: (world) => {
    world.onStop(startEvaluation(world));
  },
};
