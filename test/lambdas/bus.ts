import { operation, type Service } from "../../sandbox/service.ts";

/** EventBridge that takes every event and keeps it in `taken`. */
export function recordingBus(): { events: Service; taken: { source: string; detail: unknown }[] } {
  const taken: { source: string; detail: unknown }[] = [];
  const events: Service = {
    name: "events",
    client: () => import("@aws-sdk/client-eventbridge"),
    operations: {
      PutEvents: operation<{ Entries: { Source: string; Detail: string }[] }, object>({
        authorize: () => [],
        run: ({ Entries }) => {
          taken.push(
            ...Entries.map(({ Source, Detail }) => ({
              source: Source,
              detail: JSON.parse(Detail) as unknown,
            })),
          );
          return { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: String(index) })) };
        },
      }),
    },
  };
  return { events, taken };
}
