import type { GetDistributionCommandInput, GetDistributionResult } from "@aws-sdk/client-cloudfront";
import { operation } from "../../service.ts";
import { distributionArn, distributionOf } from "./state.ts";

/** A distribution with its one origin. */
export const GetDistribution = operation<GetDistributionCommandInput, GetDistributionResult>({
  authorize: (input, { world }) => [
    { action: "cloudfront:GetDistribution", resources: [distributionArn(world, input.Id)] },
  ],
  run: (input, { world }) => {
    const found = distributionOf(world, input.Id);
    const origin = `${found.bucket}.s3.${world.region}.amazonaws.com`;
    return {
      ETag: "E1",
      Distribution: {
        Id: found.id,
        ARN: distributionArn(world, found.id),
        Status: "Deployed",
        LastModifiedTime: new Date(found.createdAt),
        InProgressInvalidationBatches: found.invalidations.filter(({ completed }) => !completed).length,
        DomainName: found.domainName,
        DistributionConfig: {
          CallerReference: found.id,
          Aliases: { Quantity: found.aliases.length, Items: found.aliases },
          Comment: "",
          Enabled: found.enabled,
          Origins: {
            Quantity: 1,
            Items: [{ Id: origin, DomainName: origin, S3OriginConfig: { OriginAccessIdentity: "" } }],
          },
          DefaultCacheBehavior: { TargetOriginId: origin, ViewerProtocolPolicy: "redirect-to-https" },
        },
      },
    };
  },
});
