import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
} from "@aws-sdk/client-cloudfront";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { cloudfrontInvalidation } from "./spec.ts";

const cloudfront = once(() => new CloudFrontClient(clientSettings));
type Input = { distribution: string; paths: string[] };
type Before = { domainName: string };

export const verbs: Verbs<Input, Before> = {
  async preflight({ distribution, paths }) {
    try {
      const { Distribution } = await cloudfront().send(new GetDistributionCommand({ Id: distribution }));
      if (!Distribution?.DistributionConfig?.Enabled)
        throw refusal(
          `The distribution ${distribution} is switched off. Nothing was changed. Correct the plan.`,
        );
      return {
        before: { domainName: Distribution.DomainName ?? "" },
        after: { paths },
        summary: `${distribution} (${Distribution.DomainName}) forgets ${paths.join(", ")}`,
      };
    } catch (error) {
      if ((error as Error).name !== "NoSuchDistribution") throw error;
      throw refusal(`There is no distribution ${distribution}. Nothing was changed. Correct the plan.`);
    }
  },
  async apply({ distribution, paths }, _, { run, step }) {
    const { Invalidation } = await cloudfront().send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: {
          // The same reference and paths again are the same invalidation.
          CallerReference: digest(`${run.id}/${step.id}`, 32),
          Paths: { Quantity: paths.length, Items: paths },
        },
      }),
    );
    return state(distribution, Invalidation?.Id ?? "", Invalidation?.Status);
  },
  async poll({ distribution }, _, { progress }) {
    const { id } = (progress ?? {}) as { id?: string };
    if (!id) return { done: true, note: "there is nothing to wait for" };
    const { Invalidation } = await cloudfront().send(
      new GetInvalidationCommand({ DistributionId: distribution, Id: id }),
    );
    return state(distribution, id, Invalidation?.Status);
  },
  // What was forgotten is fetched again from the origin, whatever that has by then: there is nothing to take back.
  revert: async ({ distribution }) => ({
    done: true,
    note: `${distribution} fetches what its origin has; an invalidation needs no undoing`,
  }),
};

const state = (distribution: string, id: string, status = "InProgress") => ({
  done: status === "Completed",
  note: `invalidation ${id} of ${distribution} is ${status}`,
  outputs: { invalidation: id },
  progress: { id },
});

export const handler = serveAction(cloudfrontInvalidation, verbs);
