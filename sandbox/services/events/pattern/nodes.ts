/**
 * A pattern's JSON with the places that EventBridge names when it refuses one. Its parser reads ahead only as far as
 * it must: to the first quote of a string, past a bracket that opens, past the whole of a number or a word.
 */
interface Placed {
  /** How many characters had been read when the value became known. */
  at: number;
  /** How many when all of it had been read. */
  end: number;
  /** The value as the parser shows it in an error. */
  text: string;
}
export interface ObjectNode extends Placed {
  kind: "object";
  members: { name: string; node: Node }[];
}
export interface ArrayNode extends Placed {
  kind: "array";
  items: Node[];
}
export interface StringNode extends Placed {
  kind: "string";
  value: string;
}
export interface OtherNode extends Placed {
  kind: "number" | "word";
  value: number | boolean | null;
}
export type Node = ObjectNode | ArrayNode | StringNode | OtherNode;

const SPACE = /\s*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const WORD = /[^\s,\]}]+/y;

/** Reads a text that is known to be JSON. */
export function nodesOf(text: string): Node {
  let position = 0;
  const read = (what: RegExp): string => {
    what.lastIndex = position;
    const found = what.exec(text)?.[0] ?? "";
    position += found.length;
    return found;
  };
  const next = (): string => {
    read(SPACE);
    return text[position]!;
  };
  const step = (): void => {
    read(SPACE);
    position += 1;
  };

  const inside = (close: string, each: () => void): number => {
    step();
    const at = position;
    while (next() !== close) {
      each();
      if (next() === ",") step();
    }
    step();
    return at;
  };
  const value = (): Node => {
    const first = next();
    if (first === "{") {
      const members: ObjectNode["members"] = [];
      const at = inside("}", () => {
        read(SPACE);
        const name = JSON.parse(read(STRING)) as string;
        step();
        members.push({ name, node: value() });
      });
      return { kind: "object", members, at, end: position, text: "{" };
    }
    if (first === "[") {
      const items: Node[] = [];
      const at = inside("]", () => items.push(value()));
      return { kind: "array", items, at, end: position, text: "[" };
    }
    if (first === '"') {
      const at = position + 1;
      const given = JSON.parse(read(STRING)) as string;
      return { kind: "string", value: given, at, end: position, text: given };
    }
    const word = read(WORD);
    const given = JSON.parse(word) as number | boolean | null;
    const kind = typeof given === "number" ? "number" : "word";
    return { kind, value: given, at: position, end: position, text: word };
  };
  return value();
}
