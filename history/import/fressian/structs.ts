import { nameOf } from "../edn/names.ts";
import { type EdnValue, isKind, isVector } from "../edn/value.ts";
import type { Component } from "./reader.ts";

type Build = (components: readonly Component[]) => EdnValue | undefined;

/** The value of a structure of Clojure or Jepsen; undefined for one that is not known, or not made like that. */
export function structValue(tag: string, components: readonly Component[]): EdnValue | undefined {
  return Object.hasOwn(builders, tag) ? builders[tag]!(components) : undefined;
}

/** What stands for a block of the file, in the value of another one. */
export const blockReference = "block-ref";

const inner: Build = ([value]) => (value instanceof Uint8Array ? undefined : value);
const vector: Build = ([items]) => (isList(items) ? items : items === null ? [] : undefined);
const set: Build = ([items]) => {
  if (items === null) return { kind: "set", items: [] };
  return isList(items) ? { kind: "set", items } : undefined;
};
const map: Build = ([flat]) => {
  if (!isList(flat) || flat.length % 2 !== 0) return undefined;
  const entries = Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!] as const);
  return { kind: "map", entries };
};

/** `fressian` of Clojure and `jepsen.store.fressian`, by their names of structures. */
const builders: Readonly<Record<string, Build>> = {
  map,
  set,
  key: ([space, name]) => named("keyword", space, name),
  sym: ([space, name]) => named("symbol", space, name),
  bigint: ([bytes]) => (bytes instanceof Uint8Array ? integerOf(bytes) : undefined),
  ratio: ([numerator, denominator]) =>
    isInteger(numerator) && isInteger(denominator) ? { kind: "ratio", text: `${numerator}/${denominator}` } : undefined,
  inst: ([ms]) => (isTime(ms) ? tagged("inst", new Date(ms).toISOString()) : undefined),
  uuid: ([bytes]) => (bytes instanceof Uint8Array ? tagged("uuid", uuidOf(bytes)) : undefined),
  regex: ([text]) => (typeof text === "string" ? { kind: "regex", text } : undefined),
  uri: ([text]) => (typeof text === "string" ? tagged("uri", text) : undefined),
  char: ([code]) => (typeof code === "number" ? { kind: "character", text: String.fromCharCode(code) } : undefined),
  record: ([, fields]) => (isMap(fields) ? fields : undefined),
  vec: vector,
  "persistent-hash-set": set,
  "persistent-sorted-set": set,
  "map-entry": ([key, value]) => (isValue(key) && isValue(value) ? [key, value] : undefined),
  multiset: ([counts]) => (isValue(counts) ? tagged("multiset", counts) : undefined),
  atom: inner,
  throwable: inner,
  byte: inner,
  instant: inner,
  "date-time": inner,
  [blockReference]: ([id]) => (isValue(id) ? tagged(blockReference, id) : undefined),
};

function isList(value: Component | undefined): value is readonly EdnValue[] {
  return !(value instanceof Uint8Array) && isVector(value);
}

function isMap(value: Component | undefined): value is Extract<EdnValue, { kind: "map" }> {
  return !(value instanceof Uint8Array) && isKind(value, "map");
}

function isValue(value: Component | undefined): value is EdnValue {
  return value !== undefined && !(value instanceof Uint8Array);
}

function isInteger(value: Component | undefined): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

/** Whether a Date can be that many milliseconds from 1970. */
function isTime(value: Component | undefined): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}

function tagged(tag: string, value: EdnValue): EdnValue {
  return { kind: "tagged", tag, value };
}

function named(kind: "keyword" | "symbol", space: Component | undefined, name: Component | undefined) {
  if (typeof name !== "string") return undefined;
  return { kind, name: isValue(space) && space !== null ? `${nameOf(space)}/${name}` : name };
}

/** Two's complement, the highest byte first. */
function integerOf(bytes: Uint8Array): bigint {
  const unsigned = BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
  return BigInt.asIntN(8 * Math.max(1, bytes.length), unsigned);
}

function uuidOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
