import type { Service } from "../../service.ts";
import { AssociateVPCWithHostedZone } from "./AssociateVPCWithHostedZone.ts";
import { ChangeResourceRecordSets } from "./ChangeResourceRecordSets.ts";
import { ChangeTagsForResource } from "./ChangeTagsForResource.ts";
import { CreateHealthCheck } from "./CreateHealthCheck.ts";
import { CreateHostedZone } from "./CreateHostedZone.ts";
import { CreateReusableDelegationSet } from "./CreateReusableDelegationSet.ts";
import { DeleteHealthCheck } from "./DeleteHealthCheck.ts";
import { DeleteHostedZone } from "./DeleteHostedZone.ts";
import { DeleteReusableDelegationSet } from "./DeleteReusableDelegationSet.ts";
import { DisassociateVPCFromHostedZone } from "./DisassociateVPCFromHostedZone.ts";
import { GetChange } from "./GetChange.ts";
import { GetHealthCheck } from "./GetHealthCheck.ts";
import { GetHealthCheckStatus } from "./GetHealthCheckStatus.ts";
import { GetHostedZone } from "./GetHostedZone.ts";
import { GetHostedZoneCount } from "./GetHostedZoneCount.ts";
import { GetReusableDelegationSet } from "./GetReusableDelegationSet.ts";
import { ListHealthChecks } from "./ListHealthChecks.ts";
import { ListHostedZones } from "./ListHostedZones.ts";
import { ListHostedZonesByName } from "./ListHostedZonesByName.ts";
import { ListHostedZonesByVPC } from "./ListHostedZonesByVPC.ts";
import { ListResourceRecordSets } from "./ListResourceRecordSets.ts";
import { ListReusableDelegationSets } from "./ListReusableDelegationSets.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { ListTagsForResources } from "./ListTagsForResources.ts";
import { TestDNSAnswer } from "./TestDNSAnswer.ts";
import { UpdateHealthCheck } from "./UpdateHealthCheck.ts";
import { UpdateHostedZoneComment } from "./UpdateHostedZoneComment.ts";

/** Amazon Route 53: zones, records, changes, health checks. The sandbox's name server answers from it. */
export const route53: Service = {
  name: "route53",
  client: () => import("@aws-sdk/client-route-53"),
  operations: {
    AssociateVPCWithHostedZone,
    ChangeResourceRecordSets,
    ChangeTagsForResource,
    CreateHealthCheck,
    CreateHostedZone,
    CreateReusableDelegationSet,
    DeleteHealthCheck,
    DeleteHostedZone,
    DeleteReusableDelegationSet,
    DisassociateVPCFromHostedZone,
    GetChange,
    GetHealthCheck,
    GetHealthCheckStatus,
    GetHostedZone,
    GetHostedZoneCount,
    GetReusableDelegationSet,
    ListHealthChecks,
    ListHostedZones,
    ListHostedZonesByName,
    ListHostedZonesByVPC,
    ListResourceRecordSets,
    ListReusableDelegationSets,
    ListTagsForResource,
    ListTagsForResources,
    TestDNSAnswer,
    UpdateHealthCheck,
    UpdateHostedZoneComment,
  },
};
