import { changed, GOOD } from "../support.ts";

type Case = [what: string, text: string, at: string, words: RegExp];

const OWN = "metric: { namespace: Shop, name: Errors, statistic: Average, period: 1m }";

/** The good plan with its trigger on a load balancer's metric. */
const onLoadBalancer = (metric: string, threshold = "> 10") =>
  changed(OWN, `metric: { namespace: AWS/ApplicationELB, ${metric} }`)
    .replace("missing: breaching", "missing: notBreaching")
    .replace('threshold: "> 10"', `threshold: "${threshold}"`);

const DIMENSIONS = "dimensions: { LoadBalancer: app/shop/50dc6c495c0c9188 }";

/** The good plan with a second trigger of the same metric. */
const second = (more: string) =>
  changed("stages:\n", `  - id: again\n    ${OWN}\n    decision: notify\n    ${more}\nstages:\n`);

const flags = (first: string, then: string) =>
  changed(
    "      - { id: name,",
    `      - { id: one, action: flip-flag, ${first} }\n      - { id: two, action: flip-flag, ${then} }\n      - { id: name,`,
  );

/** Mistakes that CloudWatch, Step Functions and a first look all let pass. */
export const easilyMistaken: Record<string, Case[]> = {
  "fence-has-a-way-out": [
    [
      "a switch that leads to the fenced database again",
      changed('value: "{% $steps.`restored-db`.endpoint.address %}"', "value: live.shop.example"),
      "15:9",
      /"close" keeps the application out of shop-db/,
    ],
    [
      "a way out at another level",
      changed("name: switch", "name: switch\n    levels: [more]"),
      "15:9",
      /no later step takes it/,
    ],
  ],
  "stage-level-unknown": [
    [
      "a mistyped level",
      changed("name: fence", "name: fence\n    levels: [ful]"),
      "14:14",
      /stage "fence" runs at level "ful"/,
    ],
  ],
  "trigger-never-decides": [
    [
      "a higher threshold behind a lower one",
      second('threshold: "> 20"\n    for: 5m\n    missing: breaching'),
      "9:5",
      /"again" never decides anything: whenever it holds, "errors"/,
    ],
    [
      "all of triggers, one of which comes first",
      second('threshold: "< 1"\n    for: 2m').replace(
        "stages:\n",
        "  - { id: both, all: [errors, again], decision: notify }\nstages:\n",
      ),
      "14:7",
      /"both" never decides/,
    ],
  ],
  "somebody-is-told": [
    [
      "no address",
      changed("notify:\n  email: [a@shop.example]", "notify: {}"),
      "32:1",
      /nobody would be told/,
    ],
    [
      "only users",
      changed("  email: [a@shop.example]", "  audiences: { users: { email: [a@shop.example] } }"),
      "32:1",
      /engineers have no address/,
    ],
    ["a topic that nobody uses", changed("  email: [a@shop.example]", "  chat: true"), "32:1", /nobody/],
  ],
  "watch-measures-twice": [
    [
      "rounds farther apart than the watch is long",
      changed("every: 1m", "every: 45m"),
      "28:3",
      /one measurement/,
    ],
  ],
  "text-looks-like-expression": [
    [
      "another tool's braces",
      changed(
        "action: move-name, with: {",
        'action: move-name, with: { ttl: 5, value: "{{ steps.save.id }}" } }\n      - { id: other, action: move-name, with: {',
      ),
      "23:56",
      /"\{\{ steps.save.id \}\}" is sent as it stands/,
    ],
    [
      "a reference without braces",
      changed("check: ask }\nwatch", "check: ask, with: { host: $steps.save.id } }\nwatch"),
      "25:39",
      /is sent as it stands/,
    ],
  ],
  "side-by-side": [
    [
      "two changes of one flag",
      flags("with: { flag: a, bakes: 0 }", "with: { flag: a, bakes: 0 }"),
      "24:9",
      /"two" and "one" run at the same time, and both change feature-flag a/,
    ],
  ],
  "occupied-too-long": [
    [
      "a wait that is longer than the deadline",
      flags("with: { flag: a, bakes: 10 }", "with: { flag: b, bakes: 0 }"),
      "24:9",
      /"two" waits until environment shop is free, 10 min after "one", and gives up after 5 min/,
    ],
  ],
  "metric-as-published": [
    [
      "a name in other letters",
      onLoadBalancer(`name: HTTPCode_Target_5xx_Count, statistic: Sum, ${DIMENSIONS}`),
      "4:46",
      /no metric "HTTPCode_Target_5xx_Count"/,
    ],
    [
      "no dimensions",
      onLoadBalancer("name: RequestCount, statistic: Sum"),
      "4:46",
      /published with LoadBalancer/,
    ],
    [
      "a whole ARN",
      onLoadBalancer(
        'name: RequestCount, statistic: Sum, dimensions: { LoadBalancer: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188" }',
      ),
      "4:96",
      /no value of LoadBalancer/,
    ],
    [
      "the mean of a count",
      onLoadBalancer(`name: HTTPCode_Target_5XX_Count, statistic: Average, ${DIMENSIONS}`),
      "4:79",
      /Average of HTTPCode_Target_5XX_Count is always 1/,
    ],
    [
      "periods that nobody fills",
      onLoadBalancer(`name: TargetResponseTime, statistic: p99, period: 10s, ${DIMENSIONS}`, "> 2"),
      "4:88",
      /published once a minute/,
    ],
    [
      "milliseconds for seconds",
      onLoadBalancer(`name: TargetResponseTime, statistic: p99, ${DIMENSIONS}`, "> 2000"),
      "5:5",
      /TargetResponseTime is in seconds/,
    ],
    [
      "a share of more than all",
      onLoadBalancer(`name: HTTPCode_Target_5XX_Count, statistic: Sum, ${DIMENSIONS}`, "> 500").replace(
        "    for: 2m",
        `    percentOf: { namespace: AWS/ApplicationELB, name: RequestCount, statistic: Sum, ${DIMENSIONS} }\n    for: 2m`,
      ),
      "5:5",
      /HTTPCode_Target_5XX_Count is in percent/,
    ],
    [
      "a check that is inconclusive while all is well",
      changed(
        "- { id: errors-gone, check: ask }",
        `- { id: errors-gone, check: ask, with: { expect: "< 5", metric: { namespace: AWS/ApplicationELB, name: HTTPCode_ELB_5XX_Count, statistic: Sum, ${DIMENSIONS} } } }`,
      ),
      "30:102",
      /while all is well nothing is measured/,
    ],
    [
      "silence of a count of errors",
      onLoadBalancer(`name: HTTPCode_Target_5XX_Count, statistic: Sum, ${DIMENSIONS}`).replace(
        "notBreaching",
        "breaching",
      ),
      "7:5",
      /not at all while all is well/,
    ],
  ],
};

/** What looks alike and is right. */
export const rightAfterAll: Record<string, string> = {
  "a lower threshold behind a higher one": second('threshold: "> 5"\n    for: 2m\n    missing: breaching'),
  "the same threshold for a shorter time": second('threshold: "> 20"\n    for: 1m\n    missing: breaching'),
  "two flags of an environment that is free at once": flags(
    "with: { flag: a, bakes: 0 }",
    "with: { flag: b, bakes: 0 }",
  ),
  "two flags, and time to wait": flags(
    "with: { flag: a, bakes: 10 }",
    "timeout: 15m, with: { flag: b, bakes: 0 }",
  ),
  "a load balancer's metric as it is published": onLoadBalancer(
    `name: TargetResponseTime, statistic: p99, ${DIMENSIONS}`,
    "> 2",
  ),
  "a price in dollars": GOOD.replace(
    "id: health, check: ask",
    'id: health, check: ask, with: { host: "$9.95" }',
  ),
};
