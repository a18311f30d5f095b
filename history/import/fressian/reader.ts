import { isAscii } from "node:buffer";
import type { EdnValue } from "../edn/value.ts";
import { structValue } from "./structs.ts";

/** What Fressian writes between values: none of it is a value of its own. */
const [endCollection, resetCaches, footer] = [0xfd, 0xfe, 0xcf];
const [putCache, getCache, structType, struct] = [0xcd, 0xcc, 0xef, 0xf0];

/** Deeper than any history, and far from what the stack holds. */
const maxDepth = 600;

/** What a block of Fressian cannot be. */
export class FressianError extends Error {}

interface StructType {
  readonly tag: string;
  readonly fields: number;
}

/** Packed integers: the first code, the code of zero in the highest byte, and how many bytes follow. */
const packedIntegers = [
  { first: 0x40, zero: 0x50, bytes: 1 },
  { first: 0x60, zero: 0x68, bytes: 2 },
  { first: 0x70, zero: 0x72, bytes: 3 },
  { first: 0x74, zero: 0x76, bytes: 4 },
  { first: 0x78, zero: 0x7a, bytes: 5 },
  { first: 0x7c, zero: 0x7e, bytes: 6 },
] as const;

/** Structures that have a code of their own. */
const codedStructs: ReadonlyMap<number, StructType> = new Map([
  [0xc0, { tag: "map", fields: 1 }],
  [0xc1, { tag: "set", fields: 1 }],
  [0xc3, { tag: "uuid", fields: 2 }],
  [0xc4, { tag: "regex", fields: 1 }],
  [0xc5, { tag: "uri", fields: 1 }],
  [0xc6, { tag: "bigint", fields: 1 }],
  [0xc7, { tag: "bigdec", fields: 2 }],
  [0xc8, { tag: "inst", fields: 1 }],
  [0xc9, { tag: "sym", fields: 2 }],
  [0xca, { tag: "key", fields: 2 }],
]);

/** A component of a structure: a value, or bytes. */
export type Component = EdnValue | Uint8Array;

/**
 * Reads values of Fressian, one after the other, by the codes of `org.fressian.impl.Codes`. Throws FressianError on what
 * is none, or ends too early.
 */
export class FressianReader {
  readonly #bytes: Buffer;
  #at = 0;
  #depth = 0;
  #cache: Component[] = [];
  #structs: StructType[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Whether all was read. */
  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(): EdnValue {
    const read = this.#component(this.#byte());
    if (read instanceof Uint8Array) throw new FressianError("bytes where a value belongs");
    return read;
  }

  #component(code: number): Component {
    if (++this.#depth > maxDepth) throw new FressianError(`values more than ${maxDepth} deep`);
    const component = this.#read(code);
    this.#depth--;
    return component;
  }

  #read(code: number): Component {
    const integer = this.#integer(code);
    if (integer !== null) return integer;
    if (code >= 0x80 && code < 0xa0) return this.#cached(code - 0x80);
    if (code >= 0xa0 && code < 0xb0) return this.#struct(this.#structType(code - 0xa0));
    const coded = codedStructs.get(code);
    if (coded !== undefined) return this.#struct(coded);
    if (code >= 0xd0 && code < 0xd8) return this.#take(code - 0xd0);
    if (code >= 0xda && code < 0xe2) return textOf(this.#take(code - 0xda));
    if (code >= 0xe4 && code < 0xec) return this.#list(code - 0xe4);
    return this.#other(code);
  }

  #other(code: number): Component {
    switch (code) {
      case putCache:
        return this.#putCached();
      case getCache:
        return this.#cached(this.#count());
      case structType:
        return this.#struct(this.#newStructType());
      case struct:
        return this.#struct(this.#structType(this.#count()));
      case 0xd9:
        return this.#take(this.#count());
      case 0xe2:
        return this.#chunkedText();
      case 0xe3:
        return textOf(this.#take(this.#count()));
      case 0xec:
        return this.#list(this.#count());
      case 0xed:
      case 0xee:
        return this.#openList();
      case 0xf5:
        return true;
      case 0xf6:
        return false;
      case 0xf7:
        return null;
      case 0xf9:
        return doubleOf(this.#take(4).readFloatBE());
      case 0xfa:
        return doubleOf(this.#take(8).readDoubleBE());
      case 0xfb:
        return doubleOf(0);
      case 0xfc:
        return doubleOf(1);
      case resetCaches:
        this.#cache = [];
        this.#structs = [];
        return this.#component(this.#byte());
      case footer:
        throw new FressianError("a footer, which blocks do not have");
      default:
        throw new FressianError(`code 0x${code.toString(16)}, which stands for no value`);
    }
  }

  /** Null where the code is not that of an integer. */
  #integer(code: number): number | bigint | null {
    if (code < 0x40) return code;
    if (code === 0xff) return -1;
    if (code === 0xf8) return exact(this.#take(8).readBigInt64BE());
    if (code >= 0x80) return null;
    const { zero, bytes } = packedIntegers.findLast(({ first }) => code >= first)!;
    return (code - zero) * 2 ** (8 * bytes) + this.#take(bytes).readUIntBE(0, bytes);
  }

  #count(): number {
    const count = this.value();
    if (typeof count !== "number" || !Number.isInteger(count) || count < 0) throw new FressianError("no count");
    return count;
  }

  #list(length: number): readonly EdnValue[] {
    const items: EdnValue[] = [];
    while (items.length < length) items.push(this.value());
    return items;
  }

  #openList(): readonly EdnValue[] {
    const items: EdnValue[] = [];
    while (this.#bytes[this.#at] !== endCollection) items.push(this.value());
    this.#at++;
    return items;
  }

  /** Chunks, and then a text without chunks. */
  #chunkedText(): string {
    let text = textOf(this.#take(this.#count()));
    for (;;) {
      const code = this.#byte();
      if (code === 0xe2) text += textOf(this.#take(this.#count()));
      else {
        const last = this.#component(code);
        if (typeof last !== "string") throw new FressianError("text that does not end");
        return text + last;
      }
    }
  }

  #struct({ tag, fields }: StructType): EdnValue {
    const components: Component[] = [];
    while (components.length < fields) components.push(this.#component(this.#byte()));
    const value = structValue(tag, components);
    if (value === undefined) throw new FressianError(`a structure “${tag}”, which is not known here`);
    return value;
  }

  #newStructType(): StructType {
    const tag = this.value();
    if (typeof tag !== "string") throw new FressianError("a structure without a name");
    const type = { tag, fields: this.#count() };
    this.#structs.push(type);
    return type;
  }

  #structType(index: number): StructType {
    const type = this.#structs[index];
    if (type === undefined) throw new FressianError(`structure ${index}, but only ${this.#structs.length} before it`);
    return type;
  }

  /** Takes its place before what is in it, as writers count. */
  #putCached(): Component {
    const place = this.#cache.push(null) - 1;
    const value = this.#component(this.#byte());
    this.#cache[place] = value;
    return value;
  }

  #cached(index: number): Component {
    const value = this.#cache[index];
    if (value === undefined) throw new FressianError(`cached value ${index}, but only ${this.#cache.length} before it`);
    return value;
  }

  #byte(): number {
    return this.#take(1)[0]!;
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new FressianError("the end of the block within a value");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Doubles without a fraction are no integers. */
function doubleOf(value: number): EdnValue {
  return Number.isInteger(value) ? { kind: "double", value } : value;
}

/** One, two or three bytes a UTF-16 unit: characters beyond those are written as two units of three bytes. */
function textOf(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString("latin1");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : 3;
    const unit =
      length === 1
        ? first
        : length === 2
          ? ((first & 0x1f) << 6) | (second & 0x3f)
          : ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    text += String.fromCharCode(unit);
    at += length;
  }
  return text;
}
