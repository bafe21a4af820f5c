import type { Shape } from "./model.ts";
import { timestampIn } from "./timestamp.ts";

/** Form parameters as a tree: `A.B.member.1=x` → {A: {B: {member: {1: "x"}}}}. */
interface Node {
  text?: string;
  children?: Map<string, Node>;
}

/** The input of a query-protocol request (also EC2's flavour, whose lists have no `member`). */
export function fromQuery(shape: Shape, parameters: URLSearchParams, ec2: boolean): unknown {
  const root: Node = {};
  for (const [key, text] of parameters) {
    let node = root;
    for (const part of key.split(".")) {
      node.children ??= new Map();
      let next = node.children.get(part);
      if (!next) {
        next = {};
        node.children.set(part, next);
      }
      node = next;
    }
    node.text = text;
  }
  return read(shape, root, ec2) ?? {};
}

function read(shape: Shape, node: Node | undefined, ec2: boolean): unknown {
  if (!node) return undefined;
  if (shape.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const found = read(member, node.children?.get(wireName(name, member, ec2)), ec2);
      if (found !== undefined) result[name] = found;
    }
    return result;
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const traits = shape.getMergedTraits();
    const itemName = String(item.getMergedTraits().xmlName ?? "member");
    // AWS reads flattened and `member` lists alike; an empty list is sent as the bare name.
    const numbered =
      ec2 || traits.xmlFlattened
        ? node
        : (node.children?.get(itemName) ?? node.children?.get("member") ?? node);
    const keys = [...(numbered.children?.keys() ?? [])].filter((key) => /^\d+$/.test(key));
    return keys
      .toSorted((a, b) => Number(a) - Number(b))
      .map((key) => read(item, numbered.children?.get(key), ec2));
  }
  if (shape.isMapSchema()) {
    const [keyName, valueName] = [shape.getKeySchema(), shape.getValueSchema()].map(
      (each, index) => each.getMergedTraits().xmlName ?? (index === 0 ? "key" : "value"),
    ) as [string, string];
    const entries = shape.getMergedTraits().xmlFlattened ? node : (node.children?.get("entry") ?? node);
    const result: Record<string, unknown> = {};
    for (const entry of entries.children?.values() ?? []) {
      const key = entry.children?.get(keyName)?.text;
      if (key !== undefined) result[key] = read(shape.getValueSchema(), entry.children?.get(valueName), ec2);
    }
    return result;
  }
  return scalar(shape, node.text ?? "");
}

/** A scalar member from text, as XML, query and HTTP headers carry it. */
export function scalar(shape: Shape, text: string): unknown {
  if (shape.isBooleanSchema()) return text.toLowerCase() === "true";
  if (shape.isNumericSchema()) {
    const number = Number(text);
    if (text === "" || Number.isNaN(number)) throw new TypeError(`expected a number, not "${text}"`);
    return number;
  }
  if (shape.isBlobSchema()) return Buffer.from(text, "base64");
  if (shape.isTimestampSchema()) return timestampIn(text);
  return text;
}

function wireName(name: string, member: Shape, ec2: boolean): string {
  const traits = member.getMergedTraits();
  if (!ec2) return String(traits.xmlName ?? name);
  if (traits.ec2QueryName) return String(traits.ec2QueryName);
  const xml = traits.xmlName ? String(traits.xmlName) : name;
  return xml.charAt(0).toUpperCase() + xml.slice(1);
}
