import fc from "fast-check";
import type { PolicyDocument, PolicyStatement } from "../../../sandbox/front/iam/policy.ts";

/** The role whose calls the policies are about. */
export const ROLE = "arn:aws:iam::123456789012:role/decider";

const actions = fc.constantFrom(
  ...[
    "dynamodb:GetItem",
    "dynamodb:DeleteItem",
    "DynamoDB:getitem",
    "dynamodb:*",
    "*",
    "dynamodb:Put*",
    "dynamodb:?eleteItem",
  ],
);
const resources = fc.constantFrom(
  "*",
  "arn:aws:dynamodb:us-east-1:123456789012:table/mine",
  "arn:aws:dynamodb:us-east-1:123456789012:table/*",
  "arn:aws:dynamodb:*:*:table/m?ne",
  "arn:aws:dynamodb:us-east-1:123456789012:table/${aws:PrincipalOrgID}",
);
const conditions = fc.constantFrom<object>(
  {},
  {},
  { Condition: { StringEquals: { "aws:PrincipalOrgID": "mine" } } },
  { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "mine" } } },
  { Condition: { StringLikeIfExists: { "aws:PrincipalOrgID": "m*" } } },
  { Condition: { "ForAllValues:StringEquals": { "aws:CalledVia": ["a", "b"] } } },
  { Condition: { "ForAnyValue:StringLike": { "aws:CalledVia": ["a*"] } } },
  { Condition: { StringNotEquals: { "aws:SourceVpc": "${aws:PrincipalOrgID}" } } },
  { Condition: { StringEquals: { "aws:SourceVpc": "${aws:PrincipalOrgID}" } } },
  { Condition: { StringLike: { "aws:SourceVpc": "?i*${aws:PrincipalOrgID}" } } },
  { Condition: { Null: { "aws:CalledVia": "true" } } },
  { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/dec*" } } },
  { Condition: { Bool: { "aws:SecureTransport": "true" } } },
);
const about = fc.oneof(
  fc.record({ Action: fc.array(actions, { minLength: 1, maxLength: 2 }) }),
  fc.record({ NotAction: fc.array(actions, { minLength: 1, maxLength: 2 }) }),
);
const on = fc.oneof(
  fc.record({ Resource: fc.array(resources, { minLength: 1, maxLength: 2 }) }),
  fc.record({ NotResource: fc.array(resources, { minLength: 1, maxLength: 2 }) }),
);
const effects = fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Deny");
const statements = fc
  .tuple(effects, about, on, conditions)
  .map(([Effect, what, where, when]) => ({ Effect, ...what, ...where, ...when }) as PolicyStatement);
const principals = fc.constantFrom<PolicyStatement["Principal"]>(
  "*",
  { AWS: "*" },
  { AWS: ROLE },
  { AWS: "arn:aws:iam::123456789012:root" },
  { AWS: "123456789012" },
  { AWS: "arn:aws:iam::123456789012:role/somebody-else" },
  { Service: "events.amazonaws.com" },
);
const version = { Version: "2012-10-17" };
export const policies = fc
  .array(statements, { minLength: 1, maxLength: 3 })
  .map((Statement): PolicyDocument => ({ ...version, Statement }));
export const resourcePolicies = fc
  .array(fc.tuple(statements, principals), { minLength: 1, maxLength: 2 })
  .map(
    (list): PolicyDocument => ({
      ...version,
      Statement: list.map(([statement, Principal]) => ({ ...statement, Principal })),
    }),
  );
export const requests = fc.record({
  action: fc.constantFrom("dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem"),
  resource: fc.constantFrom(
    "arn:aws:dynamodb:us-east-1:123456789012:table/mine",
    "arn:aws:dynamodb:us-east-1:123456789012:table/other",
  ),
  context: fc
    .record(
      {
        "aws:PrincipalOrgID": fc.constantFrom("mine", "other", "*"),
        "aws:SourceVpc": fc.constantFrom("mine", "other"),
        "aws:CalledVia": fc.constantFrom(["a"], ["a", "b"], ["c"], ["b", "c"]),
        "aws:SecureTransport": fc.constantFrom("true", "false"),
      },
      { requiredKeys: ["aws:SecureTransport"] },
    )
    .map((given): Record<string, string | string[]> => JSON.parse(JSON.stringify(given))),
});
