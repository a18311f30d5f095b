import { FrameError } from "./frame-error.ts";

/** A message, its entries, an entry, its members and their names. */
const maxLevels = 8;
const notOurs = -1;

/**
 * Whether a frame's body is one value of MessagePack that fits its own bytes: a list or a map that claims more items than
 * there are bytes would be made room for before it is read, 256 MB for a frame of 5 bytes. Extension types are not ours.
 * Throws FrameError.
 */
export function checkStructure(body: Buffer): void {
  /** Values still to come, by level. */
  const open: number[] = [1];
  let at = 0;
  while (open.length > 0) {
    const level = open.length - 1;
    if (open[level] === 0) {
      open.pop();
      continue;
    }
    open[level]!--;
    const { content, items, next } = readValue(body, at);
    if (next + content > body.length || items > body.length - next) throw new FrameError("it claims more than it has");
    at = next + content;
    if (items > 0) {
      if (open.length > maxLevels) throw new FrameError(`it is nested more than ${maxLevels} levels deep`);
      open.push(items);
    }
  }
  if (at !== body.length) throw new FrameError(`${body.length - at} bytes follow the value`);
}

/** Bytes of content that are passed over, values that follow, and where they begin. */
function readValue(body: Buffer, at: number) {
  const type = body[at] ?? 0xc1;
  const next = at + 1;
  if (type < 0x80 || type >= 0xe0) return { content: 0, items: 0, next };
  if (type < 0x90) return { content: 0, items: 2 * (type & 0x0f), next };
  if (type < 0xa0) return { content: 0, items: type & 0x0f, next };
  if (type < 0xc0) return { content: type & 0x1f, items: 0, next };
  const [lengthBytes, contentBytes, itemsPer] = shapes[type - 0xc0]!;
  if (contentBytes === notOurs || next + lengthBytes > body.length) {
    throw new FrameError(`a value of type 0x${type.toString(16)} of an unknown type`);
  }
  const length = lengthBytes === 0 ? 0 : body.readUIntBE(next, lengthBytes);
  return { content: itemsPer > 0 ? 0 : contentBytes + length, items: itemsPer * length, next: next + lengthBytes };
}

/** From 0xc0 on: bytes that tell a length, bytes of content, values for each of the length. */
const shapes: readonly (readonly [lengthBytes: number, contentBytes: number, itemsPer: number])[] = [
  ...[[0, 0, 0] as const, [0, notOurs, 0] as const, [0, 0, 0] as const, [0, 0, 0] as const], // nil, -, false, true
  ...([1, 2, 4] as const).map((bytes) => [bytes, 0, 0] as const), // bytes
  ...([1, 2, 3] as const).map(() => [0, notOurs, 0] as const), // extensions
  ...([4, 8] as const).map((bytes) => [0, bytes, 0] as const), // floats
  ...([1, 2, 4, 8, 1, 2, 4, 8] as const).map((bytes) => [0, bytes, 0] as const), // whole numbers
  ...([1, 2, 3, 4, 5] as const).map(() => [0, notOurs, 0] as const), // extensions
  ...([1, 2, 4] as const).map((bytes) => [bytes, 0, 0] as const), // text
  ...([2, 4] as const).map((bytes) => [bytes, 0, 1] as const), // lists
  ...([2, 4] as const).map((bytes) => [bytes, 0, 2] as const), // maps
];
