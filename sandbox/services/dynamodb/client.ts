/** The official client, whose exported schemas give the wire format. */
export const client = () => import("@aws-sdk/client-dynamodb");
