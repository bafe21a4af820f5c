import type { Service } from "../../service.ts";
import { AddPermission } from "./AddPermission.ts";
import { ConfirmSubscription } from "./ConfirmSubscription.ts";
import { CreateTopic } from "./CreateTopic.ts";
import { DeleteTopic } from "./DeleteTopic.ts";
import { GetSubscriptionAttributes } from "./GetSubscriptionAttributes.ts";
import { GetTopicAttributes } from "./GetTopicAttributes.ts";
import { ListSubscriptions } from "./ListSubscriptions.ts";
import { ListSubscriptionsByTopic } from "./ListSubscriptionsByTopic.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { ListTopics } from "./ListTopics.ts";
import { Publish } from "./Publish.ts";
import { PublishBatch } from "./PublishBatch.ts";
import { RemovePermission } from "./RemovePermission.ts";
import { SetSubscriptionAttributes } from "./SetSubscriptionAttributes.ts";
import { SetTopicAttributes } from "./SetTopicAttributes.ts";
import { Subscribe } from "./Subscribe.ts";
import { snsState } from "./state.ts";
import { TagResource } from "./TagResource.ts";
import { Unsubscribe } from "./Unsubscribe.ts";
import { UntagResource } from "./UntagResource.ts";

/** Amazon SNS, with e-mail over real SMTP. */
export const sns: Service = {
  name: "sns",
  client: () => import("@aws-sdk/client-sns"),
  operations: {
    AddPermission,
    ConfirmSubscription,
    CreateTopic,
    DeleteTopic,
    GetSubscriptionAttributes,
    GetTopicAttributes,
    ListSubscriptions,
    ListSubscriptionsByTopic,
    ListTagsForResource,
    ListTopics,
    Publish,
    PublishBatch,
    RemovePermission,
    SetSubscriptionAttributes,
    SetTopicAttributes,
    Subscribe,
    TagResource,
    Unsubscribe,
    UntagResource,
  },
  resourcePolicy: (world, arn) => {
    const policy = snsState(world).topics.get(arn)?.attributes.get("Policy");
    return policy === undefined ? undefined : JSON.parse(policy);
  },
};
