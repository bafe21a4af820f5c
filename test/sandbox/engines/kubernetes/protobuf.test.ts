import { describe, expect, it } from "vitest";
import { fromProtobuf } from "../../../../sandbox/engines/kubernetes/protobuf.ts";

/** Writes a field of bytes, or of a number; lengths stay below 128 here. */
const field = (number: number, value: Buffer | string | number): Buffer => {
  if (typeof value === "number") return Buffer.from([number * 8, value]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
};
const message = (...fields: Buffer[]) => Buffer.concat(fields);
const object = (kind: string, raw: Buffer) =>
  Buffer.concat([
    Buffer.from("k8s\0", "latin1"),
    field(1, message(field(1, "v1"), field(2, kind))),
    field(2, raw),
    field(3, ""),
    field(4, ""),
  ]);
const entry = (key: string, value: string) => message(field(1, key), field(2, value));

describe("an object in protobuf", () => {
  it("is what it would be in JSON: bytes as base64, empty text left out", () => {
    const metadata = message(
      field(1, "sh.helm.release.v1.shop.v1"),
      field(2, ""),
      field(7, 0),
      field(8, ""),
      field(11, entry("owner", "helm")),
      field(11, entry("version", "1")),
    );
    const raw = message(
      field(1, metadata),
      field(2, entry("release", "\x1f\x00data")),
      field(3, "helm.sh/release.v1"),
      field(5, 1),
    );

    expect(fromProtobuf(object("Secret", raw))).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "sh.helm.release.v1.shop.v1", labels: { owner: "helm", version: "1" } },
      data: { release: Buffer.from("\x1f\x00data").toString("base64") },
      type: "helm.sh/release.v1",
      immutable: true,
    });
  });

  it("is refused where it is of a kind or has a field that is not known, and where it is cut off", () => {
    const whole = object("ConfigMap", message(field(2, entry("a", "b"))));

    expect(fromProtobuf(whole)).toMatchObject({ kind: "ConfigMap", data: { a: "b" } });
    expect(() => fromProtobuf(object("Pod", Buffer.alloc(0)))).toThrow(/takes Pod as JSON or YAML/);
    expect(() => fromProtobuf(object("ConfigMap", field(9, "x")))).toThrow(
      /does not know field 9 of ConfigMap/,
    );
    expect(() => fromProtobuf(whole.subarray(0, whole.length - 6))).toThrow(/cut off/);
    expect(() => fromProtobuf(Buffer.from("{}"))).toThrow(/no Kubernetes object in protobuf/);
  });
});
