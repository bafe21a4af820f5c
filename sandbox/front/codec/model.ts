import { NormalizedSchema } from "@smithy/core/schema";
import type { Service } from "../../service.ts";

/** The schema of one shape, as the SDK reads it. */
export type Shape = NormalizedSchema;

/** The HTTP binding of an operation in a REST protocol: method, path template, success status. */
type HttpTrait = [method: string, path: string, status: number];

/** One operation of a service, as its official client declares it. */
export interface OperationModel {
  name: string;
  input: Shape;
  output: Shape;
  http: HttpTrait | undefined;
}

/** One error shape: what goes on the wire for it. */
export interface ErrorModel {
  name: string;
  shape: Shape;
  /** Wire code of the query protocols (`DBInstanceNotFound` for `DBInstanceNotFoundFault`). */
  queryCode: string;
  status: number;
}

/** What the codec knows of one service; read from its SDK client's exported schemas, so it cannot drift from it. */
export interface ServiceModel {
  operations: Map<string, OperationModel>;
  errors: Map<string, ErrorModel>;
  xmlNamespace: string;
  /** `com.amazonaws.rds`: prefix of `__type` in some JSON services. */
  namespace: string;
  /** Whether clients of the service's older query protocol still expect its error codes. */
  queryCompatible: boolean;
  /** Default protocol, e.g. `aws.protocols#awsQuery`. */
  protocol: string;
}

interface ClientConfig {
  protocol: { getShapeId(): string };
  protocolSettings: { xmlNamespace?: string; defaultNamespace?: string; awsQueryCompatible?: boolean };
}

/** By what loads the client: whoever names the same one shares its model. */
const models = new WeakMap<NonNullable<Service["client"]>, Promise<ServiceModel>>();

/** The model of a service that has a client. */
export const modelIfAny = async (service: Service | undefined): Promise<ServiceModel | undefined> =>
  service?.client ? modelOf(service) : undefined;

/** Loads the model of a service that has a client, once. */
export function modelOf({ client }: Pick<Service, "client">): Promise<ServiceModel> {
  if (!client) throw new Error("A service without an official client has no wire format");
  let model = models.get(client);
  if (!model) {
    model = readModel(client);
    models.set(client, model);
  }
  return model;
}

async function readModel(client: NonNullable<Service["client"]>): Promise<ServiceModel> {
  const loaded = (await client()) as Record<string, unknown>;
  const exported = { ...loaded, ...(loaded["default"] as Record<string, unknown> | undefined) };
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  for (const [key, schema] of Object.entries(exported)) {
    if (!key.endsWith("$") || !Array.isArray(schema)) continue;
    if (schema[0] === 9) {
      const traits = schema[3] as { http?: HttpTrait } | number;
      operations.set(schema[2], {
        name: schema[2],
        input: NormalizedSchema.of(schema[4]),
        output: NormalizedSchema.of(schema[5]),
        http: typeof traits === "object" ? traits.http : undefined,
      });
    } else if (schema[0] === -3) {
      const traits = (typeof schema[3] === "object" ? schema[3] : {}) as {
        awsQueryError?: [string, number];
        httpError?: number;
        error?: string;
      };
      errors.set(schema[2], {
        name: schema[2],
        shape: NormalizedSchema.of(schema as never),
        queryCode: traits.awsQueryError?.[0] ?? schema[2],
        status: traits.httpError ?? traits.awsQueryError?.[1] ?? (traits.error === "server" ? 500 : 400),
      });
    }
  }
  const config = clientConfig(exported);
  return {
    operations,
    errors,
    xmlNamespace: config.protocolSettings.xmlNamespace ?? "",
    namespace: config.protocolSettings.defaultNamespace ?? "",
    queryCompatible: config.protocolSettings.awsQueryCompatible ?? false,
    protocol: config.protocol.getShapeId(),
  };
}

/** The service client's own settings; it is built with no credentials and never sends anything. */
function clientConfig(exported: Record<string, unknown>): ClientConfig {
  for (const value of Object.values(exported)) {
    if (typeof value !== "function" || !/^[A-Z].*Client$/.test(value.name) || value.name === "Client")
      continue;
    const Client = value as new (options: object) => { config: ClientConfig };
    return new Client({ region: "us-east-1", credentials: { accessKeyId: "none", secretAccessKey: "none" } })
      .config;
  }
  throw new Error("An SDK client module exports no client class; the codec cannot read its protocol");
}

/** The members that a structure must have; the clients' schemas list them first and count them in the last place. */
export function requiredMembers(shape: Shape): Shape[] {
  if (!shape.isStructSchema()) return [];
  const schema = shape.getSchema() as unknown as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  return [...shape.structIterator()].slice(0, schema[6] ?? 0).map(([, member]) => member);
}
