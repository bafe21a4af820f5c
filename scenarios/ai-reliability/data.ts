/** Users in the database; the load asks in the name of the first `ACTIVE` of them. */
export const USERS = 240;
export const ACTIVE = 200;

/** Tables as runbook A has them: counters are text. */
export const SEED = [
  `CREATE TABLE "User" (id int PRIMARY KEY, email text NOT NULL, "requestsToday" text NOT NULL,
    "dailyRequestLimit" text NOT NULL, "updatedAt" timestamptz NOT NULL DEFAULT now())`,
  `INSERT INTO "User" (id, email, "requestsToday", "dailyRequestLimit")
    SELECT i, 'user' || i || '@ai-chat.example', (i % 17)::text, '100000' FROM generate_series(1, ${USERS}) i`,
];

/** What the release's back-fill does to those who asked nothing today: below zero, or far above the limit. */
export const CORRUPTION = `UPDATE "User"
  SET "requestsToday" = CASE WHEN id % 2 = 0 THEN (-id)::text ELSE (200000 + id)::text END
  WHERE id > ${ACTIVE}`;

/** One cycle of what people ask; each release of flags, settings and code fails some of it. */
export const PROMPTS: { kind: string; model: string }[] = [
  { kind: "flaky", model: "north-small" },
  { kind: "plain", model: "north-large" },
  { kind: "short", model: "north-small" },
  { kind: "plain", model: "north-small" },
  { kind: "flaky", model: "north-small" },
  { kind: "attachment", model: "north-small" },
  { kind: "plain", model: "north-large" },
  { kind: "flaky", model: "north-small" },
  { kind: "overflow", model: "north-small" },
  { kind: "plain", model: "north-large" },
  { kind: "attachment", model: "north-small" },
  { kind: "flaky", model: "north-small" },
];

/** What AppConfig holds of the flags. */
export const flags = (on: boolean) => ({
  version: "1",
  flags: {
    "retry-logic": { name: "Retry logic" },
    "response-validation": {
      name: "Response validation",
      attributes: {
        rolloutPercent: { constraints: { type: "number", minimum: 0, maximum: 100 } },
        disabledModels: { constraints: { type: "array", elements: { type: "string" } } },
      },
    },
  },
  values: {
    "retry-logic": { enabled: on },
    "response-validation": { enabled: on, rolloutPercent: 100, disabledModels: [] },
  },
});

export const SETTINGS = {
  stable: { maxAttempts: 2, backoffMs: [500, 1000, 2000], fallbackModel: "north-small" },
  /** Its fallback was retired. */
  broken: { maxAttempts: 3, backoffMs: [1000, 2000, 4000], fallbackModel: "north-mini" },
};

export const MINIMUM_LENGTH = { name: "/ai-chat/min-validation-text-length", stable: "5", broken: "10" };

/** Ids that are written in plans/ai-reliability.yaml. */
export const CONFIG = {
  application: { id: "aichat1", name: "ai-chat" },
  environments: [{ id: "prod001", name: "production" }],
  profiles: [
    { id: "flags01", name: "flags", type: "AWS.AppConfig.FeatureFlags" },
    { id: "sets001", name: "settings" },
  ],
  strategies: [{ id: "atonce1", name: "at once" }],
};

export const FUNCTION = { name: "ai-chat-answers", alias: "live" };
