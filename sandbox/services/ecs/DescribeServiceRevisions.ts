import type {
  DescribeServiceRevisionsCommandInput,
  DescribeServiceRevisionsResponse,
} from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { ecsState } from "./state.ts";

/** What services ran: the task definition behind each revision. */
export const DescribeServiceRevisions = operation<
  DescribeServiceRevisionsCommandInput,
  DescribeServiceRevisionsResponse
>({
  authorize: (input) => [
    { action: "ecs:DescribeServiceRevisions", resources: input.serviceRevisionArns ?? [] },
  ],
  run: (input, { world }) => {
    const services = [...ecsState(world).services.values()];
    const asked = (input.serviceRevisionArns ?? []).map((arn) => ({
      arn,
      service: services.find(({ revisions }) => revisions.has(arn)),
    }));
    return {
      serviceRevisions: asked.flatMap(({ arn, service }) => {
        const revision = service?.revisions.get(arn);
        return service && revision
          ? {
              serviceRevisionArn: arn,
              serviceArn: service.arn,
              taskDefinition: revision.taskDefinition,
              createdAt: new Date(revision.createdAt),
              loadBalancers: service.loadBalancers,
            }
          : [];
      }),
      failures: asked.flatMap(({ arn, service }) => (service ? [] : { arn, reason: "MISSING" })),
    };
  },
});
