/** Who may import what (DESIGN, "Where things live"). The first row whose `from` fits a file decides. */
export interface Row {
  from: RegExp;
  /** Files of the project. */
  files: RegExp[];
  /** Packages; `node:` modules and zod are everybody's. */
  packages: RegExp[];
  /** For the message. */
  says: string;
}

const SPECS = /^lambdas\/(actions|checks)\/[^/]+\/spec\.ts$/;
const PURE_LAMBDAS = [
  /^lambdas\/(actions|checks)\/registry\.ts$/,
  /^lambdas\/runtime\/protocol\/[a-z]+\.ts$/,
  /^lambdas\/runtime\/(spec|cluster-spec|rds-spec|protocol|errors|names|notices|notice-event)\.ts$/,
];
/** Texts for people, and what they need: previewed and checked before anything is deployed. */
const MESSAGES = [/^lambdas\/messages\//];
const SDK = /^@aws-sdk\/client-/;
const RUNTIME = /^lambdas\/runtime\//;
/** The folder that a kind or a handler lives in: `$1` of `from` is put in. */
const OWN = "own folder";

/** Everybody's. */
export const EVERYWHERE = [/^node:/, /^zod$/];

export const TABLE: (Row & { own?: typeof OWN })[] = [
  {
    from: /^bin\//,
    files: [/^bin\//, /^lib\//, /^sandbox\//, /^scenarios\//],
    packages: [/./],
    says: "bin/ may import lib/, sandbox/ and scenarios/",
  },
  {
    from: /^lib\/plan\//,
    files: [/^lib\/plan\//, ...PURE_LAMBDAS, ...MESSAGES],
    packages: [/^yaml$/, /^jsonata$/, /^liquidjs$/],
    says: "lib/plan/ is pure: itself, the registries, lambdas/runtime/{spec,protocol,errors,names,notices}.ts, lambdas/messages/, yaml, jsonata and liquidjs",
  },
  {
    from: /^lib\/workflow\//,
    files: [/^lib\/workflow\//, /^lib\/plan\//, ...PURE_LAMBDAS],
    packages: [],
    says: "lib/workflow/ is pure: itself, lib/plan/, the registries and lambdas/runtime/{spec,protocol,errors,names}.ts",
  },
  {
    from: /^lib\//,
    files: [/^lib\//, /^lambdas\/build\.ts$/, ...PURE_LAMBDAS, ...MESSAGES],
    packages: [/^aws-cdk-lib$/, /^constructs$/, /^cdk-nag$/],
    says: "lib/ may import lib/plan/, lib/workflow/, lambdas/build.ts, pure files of lambdas/ and the CDK; never an SDK client",
  },
  {
    from: /^lambdas\/build\.ts$/,
    files: [],
    packages: [/^esbuild$/],
    says: "lambdas/build.ts finds the handlers by their folders and imports none",
  },
  {
    from: /^lambdas\/(?:actions|checks)\/registry\.ts$/,
    files: [SPECS, /^lambdas\/runtime\/spec\.ts$/],
    packages: [],
    says: "a registry may import specs only: it is read where no SDK client may be",
  },
  {
    from: SPECS,
    files: [
      SPECS,
      /^lambdas\/runtime\/(spec|request|appconfig-place|cluster-spec|rds-spec|secret-name)\.ts$/,
    ],
    packages: [],
    says: "spec.ts is pure: zod, other specs, lambdas/runtime/spec.ts and the pure request.ts, appconfig-place.ts, cluster-spec.ts, rds-spec.ts and secret-name.ts beside it",
  },
  {
    from: /^(lambdas\/(?:actions|checks)\/[^/]+\/)/,
    own: OWN,
    files: [SPECS, RUNTIME],
    packages: [SDK, /^pg$/, /^pg-copy-streams$/],
    says: "an action or a check may import its own folder, lambdas/runtime/ and its own SDK client",
  },
  {
    from: /^lambdas\/runtime\//,
    files: [RUNTIME],
    packages: [
      SDK,
      /^@aws-lambda-powertools\//,
      /^@middy\/core$/,
      /^aws-lambda$/,
      /^pg$/,
      /^pg-copy-streams$/,
      /^@smithy\/(core|signature-v4)$/,
      /^@aws-crypto\/sha256-js$/,
      /^yaml$/,
    ],
    says: "lambdas/runtime/ may import nothing above it",
  },
  {
    from: /^lambdas\/messages\//,
    files: [...MESSAGES, /^lambdas\/runtime\/(protocol|notices|redact)\.ts$/],
    packages: [/^liquidjs$/],
    says: "lambdas/messages/ is pure: itself, lambdas/runtime/{protocol,notices,redact}.ts and liquidjs",
  },
  {
    from: /^(lambdas\/decide\/)/,
    own: OWN,
    files: [RUNTIME, /^lib\/plan\/decide\.ts$/],
    packages: [SDK],
    says: "lambdas/decide/ may import lambdas/runtime/, the pure lib/plan/decide.ts and its SDK client",
  },
  {
    from: /^(lambdas\/(?:approval|approve)\/)/,
    own: OWN,
    files: [RUNTIME, /^lambdas\/messages\//, /^lib\/plan\/approval\.ts$/],
    packages: [SDK, /^@aws-lambda-powertools\//],
    says: "lambdas/approval/ and lambdas/approve/ may import what handlers may, and the pure lib/plan/approval.ts",
  },
  {
    from: /^(lambdas\/[^/]+\/)/,
    own: OWN,
    files: [RUNTIME, /^lambdas\/messages\//],
    packages: [SDK, /^@aws-lambda-powertools\//],
    says: "a handler may import its own folder, lambdas/runtime/, lambdas/messages/, Powertools and its SDK client",
  },
  {
    from: /^sandbox\//,
    files: [/^sandbox\//],
    packages: [/./],
    says: "sandbox/ never imports lib/ or lambdas/: it reads cdk.out",
  },
  {
    from: /^scenarios\//,
    files: [/^scenarios\//, /^sandbox\/sandbox\.ts$/],
    packages: [/./],
    says: "scenarios/ may import sandbox/sandbox.ts, the sandbox's face, and packages",
  },
];
