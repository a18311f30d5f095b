import { crc32 } from "node:zlib";
import { type EdnValue, isKind, isVector } from "../edn/value.ts";
import { FressianError, FressianReader } from "./reader.ts";
import { blockReference } from "./structs.ts";

/** Where the parts of a file and of a block's header stand; by `jepsen.store.format`. */
const [versionAt, indexOffsetAt] = [6, 10];
const [checksumAt, typeAt, headerBytes] = [8, 12, 28];
const blockTypes = { index: 1, fressian: 2, partialMap: 3, stream: 4, bigVector: 5 } as const;
const knownVersions: readonly number[] = [0, 1];

/** The operations of the history of a `test.jepsen`, in order. Throws FressianError on a file that is damaged. */
export function* jepsenOperations(bytes: Buffer): Generator<EdnValue> {
  const file = new JepsenFile(bytes);
  const history = file.history();
  if (history === undefined) throw new FressianError("a test without a history");
  yield* file.elements(history);
}

class JepsenFile {
  readonly #bytes: Buffer;
  readonly #offsets = new Map<number, number>();
  readonly #root: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const version = this.#within(versionAt, 4).readInt32BE();
    if (!knownVersions.includes(version)) throw new FressianError(`version ${version}; 0 and 1 are known`);
    const { type, data } = this.#block(Number(this.#within(indexOffsetAt, 8).readBigInt64BE()));
    if (type !== blockTypes.index) throw new FressianError("no index of blocks");
    this.#root = blockIn(data);
    for (let at = 4; at + 12 <= data.length; at += 12) {
      this.#offsets.set(data.readInt32BE(at), Number(data.readBigInt64BE(at + 4)));
    }
  }

  /** What the test says of its history: mostly the block that it is in. */
  history(): EdnValue | undefined {
    const seen = new Set<number>();
    for (let id = this.#root; id !== 0 && !seen.has(id); ) {
      seen.add(id);
      const { type, data } = this.#blockOf(id);
      const isPartial = type === blockTypes.partialMap;
      const fields = new FressianReader(isPartial ? data.subarray(4) : data).value();
      if (!isKind(fields, "map")) throw new FressianError("a test that is no map");
      const entry = fields.entries.find(([key]) => isKind(key, "keyword") && key.name === "history");
      if (entry !== undefined) return entry[1];
      id = isPartial ? blockIn(data) : 0;
    }
    return undefined;
  }

  *elements(value: EdnValue): Generator<EdnValue> {
    if (isVector(value)) yield* value;
    else if (isKind(value, "tagged") && value.tag === blockReference && typeof value.value === "number") {
      yield* this.#elementsOfBlock(value.value, new Set());
    } else if (value !== null) throw new FressianError("a history that is no list");
  }

  *#elementsOfBlock(id: number, within: ReadonlySet<number>): Generator<EdnValue> {
    if (within.has(id)) throw new FressianError(`block ${id}, which contains itself`);
    const { type, data } = this.#blockOf(id);
    if (type === blockTypes.fressian) yield* this.elements(new FressianReader(data).value());
    else if (type === blockTypes.stream) {
      const reader = new FressianReader(data);
      while (!reader.isOver) yield reader.value();
    } else if (type === blockTypes.bigVector) {
      for (let at = 8; at + 12 <= data.length; at += 12) {
        yield* this.#elementsOfBlock(data.readInt32BE(at + 8), new Set([...within, id]));
      }
    } else throw new FressianError(`a block of type ${type} in a history`);
  }

  #blockOf(id: number): Block {
    const offset = this.#offsets.get(id);
    if (offset === undefined) throw new FressianError(`block ${id}, which the index does not have`);
    return this.#block(offset);
  }

  /** The checksum is that of the data and then of the header, in which it is zero itself. */
  #block(offset: number): Block {
    const header = Buffer.from(this.#within(offset, headerBytes));
    const length = Number(header.readBigInt64BE());
    const data = this.#within(offset + headerBytes, length - headerBytes);
    const checksum = header.readUInt32BE(checksumAt);
    header.writeUInt32BE(0, checksumAt);
    if (crc32(header, crc32(data)) !== checksum) {
      throw new FressianError(`a block at byte ${offset} that does not have its checksum`);
    }
    return { type: header.readInt16BE(typeAt), data };
  }

  #within(offset: number, length: number): Buffer {
    if (offset < 0 || length < 0 || offset + length > this.#bytes.length) {
      throw new FressianError(`the end of the file before byte ${offset + Math.max(0, length)}`);
    }
    return this.#bytes.subarray(offset, offset + length);
  }
}

/** The number of a block, at the beginning of another one's data. */
function blockIn(data: Buffer): number {
  if (data.length < 4) throw new FressianError("a block that is too short to name another one");
  return data.readInt32BE();
}

interface Block {
  readonly type: number;
  readonly data: Buffer;
}
