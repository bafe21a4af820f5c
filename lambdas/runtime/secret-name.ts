import * as z from "zod";

/** RDS calls those that it manages itself `rds!db-…`. */
const NAME = "[\\w/+=.@!-]{1,512}";
/** Six characters that Secrets Manager adds; an ARN without them is another secret's in a policy. */
const ARN = `arn:aws[\\w-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:${NAME}-[A-Za-z0-9]{6}`;

/** What a plan calls a secret. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
export const SecretName = z
  .string()
  .regex(
    new RegExp(`^((?!arn:)${NAME}|${ARN})$`),
    "a secret's name, or its whole ARN with the six characters at its end",
  );
