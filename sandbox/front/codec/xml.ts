import type { Shape } from "./model.ts";
import { scalar } from "./query.ts";
import { TIMESTAMP, timestampOut } from "./timestamp.ts";

/** Text safe inside an element or attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r\n\t]/g, (found) => {
    const named: Record<string, string> = {
      "&": "&amp;",
      "<": "&lt;",
      ">": "&gt;",
      '"': "&quot;",
      "'": "&apos;",
    };
    return named[found] ?? (found === "\r" ? "&#xD;" : found);
  });
}

/** The children of a structure as XML, without the element around them. */
export function toXml(shape: Shape, value: unknown, skip: (member: Shape) => boolean = () => false): string {
  let text = "";
  for (const [name, member] of shape.structIterator()) {
    if (skip(member) || member.getMergedTraits().xmlAttribute) continue;
    text += element(
      String(member.getMergedTraits().xmlName ?? name),
      member,
      (value as Record<string, unknown>)[name],
    );
  }
  return text;
}

/** One member as one element (or several, when it is a flattened list or map). */
export function element(name: string, shape: Shape, value: unknown): string {
  if (value === undefined || value === null) return "";
  const { xmlFlattened, xmlNamespace } = shape.getMergedTraits() as {
    xmlFlattened?: unknown;
    xmlNamespace?: [string] | string;
  };
  const namespace = xmlNamespace ? namespaceText(xmlNamespace) : "";
  if (shape.isStructSchema())
    return `<${name}${namespace}${attributes(shape, value)}>${toXml(shape, value)}</${name}>`;
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const itemName = xmlFlattened ? name : String(item.getMergedTraits().xmlName ?? "member");
    const items = (value as unknown[]).map((each) => element(itemName, item, each)).join("");
    return xmlFlattened ? items : `<${name}${namespace}>${items}</${name}>`;
  }
  if (shape.isMapSchema()) {
    const keyName = String(shape.getKeySchema().getMergedTraits().xmlName ?? "key");
    const item = shape.getValueSchema();
    const valueName = String(item.getMergedTraits().xmlName ?? "value");
    const entryName = xmlFlattened ? name : "entry";
    const entries = Object.entries(value as object)
      .filter(([, each]) => each !== undefined)
      .map(
        ([key, each]) =>
          `<${entryName}><${keyName}>${escapeXml(key)}</${keyName}>${element(valueName, item, each)}</${entryName}>`,
      )
      .join("");
    return xmlFlattened ? entries : `<${name}>${entries}</${name}>`;
  }
  return `<${name}${namespace}>${escapeXml(scalarText(shape, value))}</${name}>`;
}

function attributes(shape: Shape, value: unknown): string {
  let text = "";
  for (const [name, member] of shape.structIterator()) {
    const traits = member.getMergedTraits();
    const found = (value as Record<string, unknown>)[name];
    if (traits.xmlAttribute && found !== undefined)
      text += ` ${traits.xmlName ?? name}="${escapeXml(String(found))}"`;
  }
  return text;
}

function namespaceText(trait: [string] | [string, string] | string): string {
  const [uri, prefix] = [trait].flat() as [string, string?];
  return ` xmlns${prefix ? `:${prefix}` : ""}="${uri}"`;
}

/** A scalar as text, for XML and HTTP headers. */
export function scalarText(shape: Shape, value: unknown, timestamps: number = TIMESTAMP.DATE_TIME): string {
  if (value instanceof Date) return String(timestampOut(shape, value, timestamps));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return String(value);
}

/** An element as read: its text, attributes and child elements in order. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const unescapeXml = (text: string) =>
  text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });

/** Parses the XML that AWS clients send: elements, attributes, text; no DTD. Throws SyntaxError when it is not well-formed. */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const token =
    /<\?.*?\?>|<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\/\s*([^\s>]+)\s*>|<([^\s/>!]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gsy;
  let end = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    end = token.lastIndex;
    const [, cdata, closed, opened, attributeText = "", selfClosed, content] = match;
    const top = open.at(-1)!;
    if (cdata !== undefined) top.text += cdata;
    else if (content !== undefined) top.text += unescapeXml(content);
    else if (closed !== undefined) {
      if (open.length === 1 || top.name !== local(closed))
        throw new SyntaxError(`</${closed}> closes nothing`);
      open.pop();
    } else if (opened !== undefined) {
      const attributes: Record<string, string> = {};
      for (const [, key, double, single] of attributeText.matchAll(
        /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
      ))
        attributes[key!] = unescapeXml(double ?? single ?? "");
      const made: XmlElement = { name: local(opened), attributes, children: [], text: "" };
      top.children.push(made);
      if (!selfClosed) open.push(made);
    }
  }
  if (end !== text.length || open.length !== 1 || !root.children[0])
    throw new SyntaxError("The request body is not well-formed XML");
  return root.children[0];
}

const local = (name: string) => name.slice(name.indexOf(":") + 1);

/** An element → the SDK's shape. */
export function fromXml(shape: Shape, found: XmlElement): unknown {
  if (shape.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const traits = member.getMergedTraits();
      const wire = local(String(traits.xmlName ?? name));
      if (traits.xmlAttribute) {
        const value = found.attributes[String(traits.xmlName ?? name)];
        if (value !== undefined) result[name] = value;
        continue;
      }
      const matches = found.children.filter((child) => child.name === wire);
      if (matches.length === 0) continue;
      result[name] =
        traits.xmlFlattened && member.isListSchema()
          ? matches.map((each) => fromXml(member.getValueSchema(), each))
          : fromXml(member, matches[0]!);
    }
    return result;
  }
  if (shape.isListSchema()) return found.children.map((child) => fromXml(shape.getValueSchema(), child));
  if (shape.isMapSchema()) {
    const keyName = String(shape.getKeySchema().getMergedTraits().xmlName ?? "key");
    const valueName = String(shape.getValueSchema().getMergedTraits().xmlName ?? "value");
    return Object.fromEntries(
      found.children.map((entry) => [
        entry.children.find((child) => child.name === keyName)?.text,
        fromXml(shape.getValueSchema(), entry.children.find((child) => child.name === valueName)!),
      ]),
    );
  }
  return scalar(shape, found.text);
}
