import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Authorization, ServiceException } from "../../service.ts";

/** An action that Elastic Load Balancing does not take. */
export const invalidAction = (message: string) =>
  new ServiceException("InvalidLoadBalancerActionException", message);

export const isSignIn = (type: string | undefined): boolean =>
  type === "authenticate-oidc" || type === "authenticate-cognito";

/** What a sign-in is when it does not say, as AuthenticateOidcActionConfig has it. */
const USUAL = {
  SessionCookieName: "AWSELBAuthSessionCookie",
  Scope: "openid",
  SessionTimeout: 604_800,
  OnUnauthenticatedRequest: "authenticate",
} as const;

/**
 * A sign-in before a forward, as it is kept: with its secret. The sandbox treats every request as signed in.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
 */
export function checkedSignIn(
  action: Action,
  { protocol, now = [], first }: { protocol: "HTTP" | "HTTPS"; now?: Action[]; first: boolean },
): Action {
  if (protocol !== "HTTPS")
    throw invalidAction(`Actions of type '${action.Type}' are supported only on HTTPS listeners`);
  if (!first) throw invalidAction("Only one authenticate action is supported");
  const { AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito, ...rest } = action;
  if (action.Type === "authenticate-cognito")
    return {
      ...rest,
      AuthenticateCognitoConfig: {
        ...USUAL,
        ...required(cognito, action.Type, ["UserPoolArn", "UserPoolClientId", "UserPoolDomain"]),
      },
    };
  const {
    UseExistingClientSecret,
    ClientSecret: secret,
    ...config
  } = required(oidc, "authenticate-oidc", [
    "Issuer",
    "AuthorizationEndpoint",
    "TokenEndpoint",
    "UserInfoEndpoint",
    "ClientId",
  ]);
  if (secret !== undefined && UseExistingClientSecret)
    throw invalidAction("You cannot both specify a client secret and set UseExistingClientSecret to true");
  const kept = now.find(({ Type }) => Type === "authenticate-oidc")?.AuthenticateOidcConfig?.ClientSecret;
  const ClientSecret = UseExistingClientSecret ? kept : secret;
  if (ClientSecret === undefined) throw invalidAction("You must specify a client secret");
  return { ...rest, AuthenticateOidcConfig: { ...USUAL, ...config, ClientSecret } };
}

function required<Config extends object>(
  config: Config | undefined,
  type: string,
  members: (keyof Config & string)[],
): Config {
  const missing = members.find((member) => !config?.[member]);
  if (!config || missing)
    throw new ServiceException(
      "ValidationError",
      `'${missing}' must be specified for an action of type '${type}'`,
    );
  return config;
}

/** Actions as the API shows them: a client's secret is never answered. */
export const shownActions = (actions: Action[]): Action[] =>
  actions.map((action) => {
    if (!action.AuthenticateOidcConfig) return action;
    const { ClientSecret: _, ...shown } = action.AuthenticateOidcConfig;
    return { ...action, AuthenticateOidcConfig: shown };
  });

/**
 * What the caller needs beside the operation itself: Elastic Load Balancing reads the user pool's client in its name.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export const authorizeSignIns = (actions: Action[] | undefined): Authorization[] =>
  (actions ?? []).flatMap(({ AuthenticateCognitoConfig: cognito }) =>
    cognito?.UserPoolArn
      ? [{ action: "cognito-idp:DescribeUserPoolClient", resources: [cognito.UserPoolArn] }]
      : [],
  );
