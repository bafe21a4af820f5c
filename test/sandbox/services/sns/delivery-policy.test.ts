import { describe, expect, it } from "vitest";
import {
  effectiveSubscriptionPolicy,
  effectiveTopicPolicy,
  subscriptionPolicy,
  topicPolicy,
} from "../../../../sandbox/services/sns/delivery-policy.ts";
import type { Subscription, Topic } from "../../../../sandbox/services/sns/state.ts";

const RETRIES = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: "linear",
};
const holder = (policy?: string) => ({ attributes: new Map(policy ? [["DeliveryPolicy", policy]] : []) });
const topic = (policy?: string) => holder(policy) as Topic;
const json = { headerContentType: "application/json" };

/** The values are AWS's, as it was recorded. */
describe("delivery policies of HTTP", () => {
  it.each([
    [
      { defaultRequestPolicy: json },
      { disableSubscriptionOverrides: false, defaultRequestPolicy: json },
      { defaultHealthyRetryPolicy: RETRIES, disableSubscriptionOverrides: false, defaultRequestPolicy: json },
    ],
    [
      { defaultHealthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 } },
      {
        defaultHealthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 },
        disableSubscriptionOverrides: false,
      },
      {
        defaultHealthyRetryPolicy: { ...RETRIES, minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 },
        disableSubscriptionOverrides: false,
        defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
      },
    ],
    [
      { defaultHealthyRetryPolicy: null },
      { disableSubscriptionOverrides: false },
      {
        defaultHealthyRetryPolicy: RETRIES,
        disableSubscriptionOverrides: false,
        defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
      },
    ],
  ])("a topic's %j is shown with what it leaves as it is", (http, shown, effective) => {
    const kept = topicPolicy(JSON.stringify({ http }));

    expect(JSON.parse(kept)).toEqual({ http: shown });
    expect(JSON.parse(effectiveTopicPolicy(topic(kept)))).toEqual({ http: effective });
  });

  it("a subscription's own parts come before its topic's", () => {
    const kept = subscriptionPolicy(JSON.stringify({ throttlePolicy: { maxReceivesPerSecond: 1000 } }));
    const own = {
      healthyRetryPolicy: null,
      sicklyRetryPolicy: null,
      throttlePolicy: { maxReceivesPerSecond: 1000 },
      requestPolicy: null,
      guaranteed: false,
    };
    const from = topic(topicPolicy(JSON.stringify({ http: { defaultRequestPolicy: json } })));

    expect(JSON.parse(kept)).toEqual(own);
    expect(effectiveSubscriptionPolicy(holder(kept) as Subscription, from)).toEqual({
      ...own,
      healthyRetryPolicy: RETRIES,
      requestPolicy: json,
    });
  });
});
