import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

/** R19, H9. The whole alarm is in `before`, so that what comes back is what was there. */
export const alarmAdjust = defineAction({
  kind: "alarm-adjust",
  summary: "Give an alarm a tighter threshold for a while",
  input: z.strictObject({
    alarm: z
      .string()
      .regex(/^[^:*?]{1,255}$/, "an alarm's name, not its ARN")
      .describe("name of a metric alarm"),
    threshold: z.number().describe("threshold for the time being; looser than the alarm's own is refused"),
  }),
  before: z.strictObject({
    settings: z.record(z.string(), z.unknown()).describe("the alarm as it was, as PutMetricAlarm takes it"),
    threshold: z.number(),
  }),
  outputs: z.strictObject({ threshold: z.number().describe("the threshold that holds now") }),
  effect: "overwrites",
  keepsBefore: true,
  keepsCode: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ alarm }, arn) => {
    // DescribeAlarms knows no resources.
    const describe = allow("cloudwatch:DescribeAlarms", "*");
    return {
      read: [describe],
      write: [describe, allow("cloudwatch:PutMetricAlarm", arn.of("cloudwatch", `alarm:${alarm}`))],
    };
  },
  touches: ({ alarm }) => [{ type: "alarm", id: alarm }],
  clients: ["@aws-sdk/client-cloudwatch", "@aws-sdk/client-dynamodb"],
  runbooks: ["R19", "H9"],
  docs: ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"],
});
