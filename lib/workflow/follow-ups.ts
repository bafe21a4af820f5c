/**
 * The machine that reminds people: one execution a run, in it one wait for each reminder, then a mail. It waits up to
 * weeks for nothing but the price of a transition, and survives everything that the report's function does not.
 * Input: `{run, items: [{due, subject, text}]}`.
 */
export function followUpsMachine(topicArn: string, partition: string): object {
  return {
    Comment: "Reminds of what follows an incident",
    QueryLanguage: "JSONata",
    StartAt: "Each follow-up",
    States: {
      "Each follow-up": {
        Type: "Map",
        Items: "{% $states.input.items %}",
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Wait until due",
          States: {
            "Wait until due": { Type: "Wait", Timestamp: "{% $states.input.due %}", Next: "Remind" },
            Remind: {
              Type: "Task",
              Resource: `arn:${partition}:states:::sns:publish`,
              Arguments: {
                TopicArn: topicArn,
                Subject: "{% $states.input.subject %}",
                Message: "{% $states.input.text %}",
              },
              TimeoutSeconds: 60,
              // For a day: a reminder may be late, but not lost.
              Retry: [
                {
                  ErrorEquals: ["States.ALL"],
                  IntervalSeconds: 10,
                  BackoffRate: 2,
                  MaxDelaySeconds: 3600,
                  MaxAttempts: 32,
                  JitterStrategy: "FULL",
                },
              ],
              Output: {},
              End: true,
            },
          },
        },
        Output: "{% $states.input.run %}",
        End: true,
      },
    },
    TimeoutSeconds: LONGEST_SECONDS,
  };
}

/** No plan asks for a reminder after this; a year is also the longest that Step Functions lets an execution run. */
const LONGEST_SECONDS = 365 * 86_400;
