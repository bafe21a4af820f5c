import { failure } from "./status.ts";

/** What a field of a message holds; `map` and `bytes map` have text as keys. */
type Field = "text" | "flag" | "map" | "bytes map" | "ignored" | Message;
interface Message {
  [number: number]: [name: string, field: Field];
}

/** https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/generated.proto */
const METADATA: Message = {
  1: ["name", "text"],
  2: ["generateName", "text"],
  3: ["namespace", "text"],
  4: ["selfLink", "text"],
  5: ["uid", "text"],
  6: ["resourceVersion", "text"],
  7: ["generation", "ignored"],
  8: ["creationTimestamp", "ignored"],
  11: ["labels", "map"],
  12: ["annotations", "map"],
};
/** https://github.com/kubernetes/api/blob/master/core/v1/generated.proto */
const KINDS: Record<string, Message> = {
  Secret: {
    1: ["metadata", METADATA],
    2: ["data", "bytes map"],
    3: ["type", "text"],
    4: ["stringData", "map"],
    5: ["immutable", "flag"],
  },
  ConfigMap: {
    1: ["metadata", METADATA],
    2: ["data", "map"],
    3: ["binaryData", "bytes map"],
    4: ["immutable", "flag"],
  },
};
/** The envelope of every object: `runtime.Unknown` behind four bytes. */
const MAGIC = Buffer.from("k8s\0", "latin1");

/**
 * An object that a client sent as protobuf, as it would be in JSON: typed Go clients do so, Helm with its releases among
 * them. Of the kinds that hold data only; any other is refused, as it is with fields that are not known here.
 */
export function fromProtobuf(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, 4).equals(MAGIC))
    throw failure("BadRequest", "the body is no Kubernetes object in protobuf");
  const envelope = new Map([...fieldsOf(bytes.subarray(4))].map(({ number, value }) => [number, value]));
  const type = new Map([...fieldsOf(bytesOf(envelope.get(1)))].map(({ number, value }) => [number, value]));
  const [apiVersion, kind] = [1, 2].map((number) => bytesOf(type.get(number)).toString());
  // What a deletion is asked with has no say in the sandbox's clusters, in JSON neither.
  if (kind === "DeleteOptions") return { apiVersion, kind };
  const message = KINDS[kind!];
  if (!message)
    throw failure(
      "UnsupportedMediaType",
      `the sandbox's cluster takes ${kind} as JSON or YAML, not as protobuf`,
    );
  return { apiVersion, kind, ...messageOf(bytesOf(envelope.get(2)), message, kind!) };
}

function messageOf(bytes: Buffer, message: Message, where: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const [name, field] = message[number] ?? [];
    if (!name || !field)
      throw failure(
        "UnsupportedMediaType",
        `the sandbox's cluster does not know field ${number} of ${where}`,
      );
    if (field === "ignored") continue;
    // Go writes what is empty, too.
    if (field === "text") {
      const text = bytesOf(value).toString();
      if (text !== "") found[name] = text;
    } else if (field === "flag") found[name] = value === 1;
    else if (field === "map" || field === "bytes map") {
      const entry = new Map([...fieldsOf(bytesOf(value))].map((each) => [each.number, each.value]));
      const members = (found[name] ?? {}) as Record<string, string>;
      found[name] = members;
      members[bytesOf(entry.get(1)).toString()] = bytesOf(entry.get(2)).toString(
        field === "map" ? "utf8" : "base64",
      );
    } else found[name] = messageOf(bytesOf(value), field, `${where}.${name}`);
  }
  return found;
}

const bytesOf = (value: number | Buffer | undefined): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.alloc(0);

/** Fields as they come: numbers are whole, everything else is bytes. https://protobuf.dev/programming-guides/encoding/ */
function* fieldsOf(bytes: Buffer): Generator<{ number: number; value: number | Buffer }> {
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined) throw failure("BadRequest", "the body's protobuf is cut off");
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 2) {
      const length = varint();
      if (at + length > bytes.length) throw failure("BadRequest", "the body's protobuf is cut off");
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    } else throw failure("BadRequest", `the body's protobuf has the wire type ${wire}`);
  }
}
