/**
 * What AWS says of metrics that plans mostly watch, as far as a mistake would make an alarm that never rings or a check
 * that never fails. What is not here is not judged.
 */
export interface PublishedMetric {
  /** Every sample is 1 or nothing is reported: only the sum (and the number of samples) says anything. */
  counts?: true;
  /** What a value is; a limit beyond `most` is one in another unit. */
  unit?: { name: string; most: number; instead: string };
  /** Dimensions that this metric needs, where they are others than the namespace's. */
  dimensions?: string[];
}

export interface PublishedNamespace {
  /** Dimensions that every one of its metrics has. */
  dimensions: string[];
  /** What a dimension's value looks like. */
  values?: Record<string, { form: RegExp; says: string }>;
  /** Shortest period that it is published in, seconds. */
  period: number;
  metrics: Record<string, PublishedMetric>;
}

const COUNTS: PublishedMetric = { counts: true };
const ANY: PublishedMetric = {};
/** What is percent of something. */
export const PERCENT: PublishedMetric = {
  unit: { name: "percent", most: 100, instead: "write a number up to 100" },
};
/** A load balancer ends what lasts longer than its idle timeout, 60 s unless somebody raised it. */
const SECONDS: PublishedMetric = {
  unit: { name: "seconds", most: 100, instead: "write seconds: 2000 ms are 2" },
};

const LOAD_BALANCER = {
  form: /^(app|net|gwy)\/[A-Za-z0-9-]+\/[0-9a-f]+$/,
  says: "the end of the load balancer's ARN, for example app/shop/50dc6c495c0c9188",
};
const TARGET_GROUP = {
  form: /^targetgroup\/[A-Za-z0-9-]+\/[0-9a-f]+$/,
  says: "the end of the target group's ARN, for example targetgroup/shop/73e2d6bc24d8a067",
};

const counted = (names: string[]): Record<string, PublishedMetric> =>
  Object.fromEntries(names.map((name) => [name, COUNTS]));

/** By namespace. */
export const PUBLISHED: Record<string, PublishedNamespace> = {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
  "AWS/ApplicationELB": {
    dimensions: ["LoadBalancer"],
    values: { LoadBalancer: LOAD_BALANCER, TargetGroup: TARGET_GROUP },
    period: 60,
    metrics: {
      ...counted([
        "HTTPCode_ELB_3XX_Count",
        "HTTPCode_ELB_4XX_Count",
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_ELB_500_Count",
        "HTTPCode_ELB_502_Count",
        "HTTPCode_ELB_503_Count",
        "HTTPCode_ELB_504_Count",
        "HTTPCode_Target_2XX_Count",
        "HTTPCode_Target_3XX_Count",
        "HTTPCode_Target_4XX_Count",
        "HTTPCode_Target_5XX_Count",
      ]),
      RequestCount: ANY,
      RequestCountPerTarget: { dimensions: ["TargetGroup"] },
      RejectedConnectionCount: ANY,
      TargetConnectionErrorCount: ANY,
      TargetResponseTime: SECONDS,
      HealthyHostCount: { dimensions: ["LoadBalancer", "TargetGroup"] },
      UnHealthyHostCount: { dimensions: ["LoadBalancer", "TargetGroup"] },
    },
  },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
  "AWS/ApiGateway": {
    dimensions: [],
    period: 60,
    metrics: { "4XXError": ANY, "5XXError": ANY, Latency: ANY, IntegrationLatency: ANY },
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
  "AWS/ECS": {
    dimensions: ["ClusterName"],
    period: 60,
    metrics: { CPUUtilization: PERCENT, MemoryUtilization: PERCENT },
  },
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
  "AWS/RDS": {
    dimensions: [],
    period: 60,
    metrics: { CPUUtilization: PERCENT, DatabaseConnections: ANY, FreeStorageSpace: ANY, ReplicaLag: ANY },
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": {
    dimensions: [],
    period: 60,
    metrics: { Errors: ANY, Throttles: ANY, Invocations: ANY, Duration: ANY },
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS": {
    dimensions: ["QueueName"],
    period: 60,
    metrics: { ApproximateAgeOfOldestMessage: ANY, ApproximateNumberOfMessagesVisible: ANY },
  },
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
  "AWS/CloudFront": {
    dimensions: ["DistributionId", "Region"],
    values: { Region: { form: /^Global$/, says: "Global" } },
    period: 60,
    metrics: { "5xxErrorRate": PERCENT, "4xxErrorRate": PERCENT, TotalErrorRate: PERCENT, Requests: ANY },
  },
};
