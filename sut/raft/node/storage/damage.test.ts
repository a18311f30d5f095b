import { basename, dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { type RandomStream, randomStream } from "../../../../random/stream.ts";
import { StorageError } from "./errors.ts";
import { sectorBytes } from "./segment-format.ts";
import type { FakeDisk } from "./test-support/fake-disk.ts";
import { type LivedStore, liveStore, openNode, unkept } from "./test-support/lived-store.ts";

interface Damage {
  readonly kind: string;
  readonly what: string;
  readonly disk: FakeDisk;
}

/** Starts the node: all that it promised is there, or it refuses and says where the damage is. */
async function verdictOn({ disk, what }: Damage, { promises }: LivedStore): Promise<"recovered" | "refused"> {
  try {
    expect(await unkept(disk, "n1", promises), what).toBeNull();
    return "recovered";
  } catch (cause) {
    if (!(cause instanceof StorageError)) throw cause;
    expect(cause.message, what).toContain("/data");
    return "refused";
  }
}

describe("200 damages to the files of a store: nothing promised is forgotten, or the node does not start", () => {
  test.each([1, 2, 3, 4])("seed %i", async (seed) => {
    const random = randomStream(seed, "damages");
    const store = await liveStore("n1", seed);
    const other = await liveStore("n2", seed);
    const verdicts = new Map<string, number>();
    for (let count = 0; count < 50; count++) {
      const damage = kinds[count % kinds.length]!(store, other, random);
      const verdict = `${damage.kind}: ${await verdictOn(damage, store)}`;
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
    expect([...verdicts.values()].reduce((sum, count) => sum + count)).toBe(50);
    for (const kind of ["cut", "flip", "swap", "zero"]) expect([...verdicts.keys()]).toContain(`${kind}: refused`);
  });
});

const kinds: readonly ((store: LivedStore, other: LivedStore, random: RandomStream) => Damage)[] = [
  ({ disk }, _, random) => {
    const path = random.pick(writtenFiles(disk));
    const length = random.integer(0, disk.get(path).length - 1);
    return damaged(disk, "cut", path, (bytes) => bytes.subarray(0, length), `at ${length}`);
  },
  ({ disk }, _, random) => {
    const path = random.pick(writtenFiles(disk));
    const at = random.integer(0, writtenBytes(disk.get(path)) - 1);
    const bit = random.integer(0, 7);
    return damaged(disk, "flip", path, (bytes) => withBit(bytes, at, bit), `bit ${bit} of byte ${at}`);
  },
  ({ disk }, _, random) => {
    const path = random.pick(writtenFiles(disk));
    const written = writtenBytes(disk.get(path));
    const from = random.integer(0, written - 1);
    const to = random.pick([written, random.integer(from + 1, written)]);
    return damaged(disk, "zero", path, (bytes) => Buffer.from(bytes).fill(0, from, to), `${from} to ${to}`);
  },
  ({ disk }, other, random) => {
    const path = random.pick(disk.paths());
    const alike = other.disk
      .paths()
      .filter((theirs) => dirname(theirs) === dirname(path) && kindOf(theirs) === kindOf(path));
    const theirs = alike.includes(path) ? path : random.pick(alike);
    return damaged(disk, "swap", path, () => other.disk.get(theirs), `with ${theirs} of n2`);
  },
  ({ disk, earlier }, _, random) => {
    const then = random.pick(earlier);
    const path = random.pick(then.paths());
    return damaged(disk, "old", path, () => then.get(path), "as it was earlier");
  },
  ({ disk }, _, random) => {
    const copy = disk.copy();
    const path = random.pick(disk.paths());
    copy.delete(path);
    return { kind: "gone", what: `${path} is gone`, disk: copy };
  },
];

describe("every byte of every file", () => {
  const everyByte = async (kind: string, change: (bytes: Buffer, at: number) => Buffer) => {
    const store = await liveStore("n1", 5, 12);
    const { disk } = store;
    const verdicts = new Map<string, { recovered: number; refused: number }>();
    for (const path of disk.paths()) {
      const counts = { recovered: 0, refused: 0 };
      for (let at = 0; at < disk.get(path).length; at++) {
        if (path.endsWith("superblock") && at % 4096 > sectorBytes && at % 64 !== 0) continue;
        const damage = damaged(disk, kind, path, (bytes) => change(bytes, at), `at byte ${at}`);
        counts[await verdictOn(damage, store)]++;
      }
      verdicts.set(path, counts);
    }
    return { disk, verdicts };
  };

  test("cut there, a log, a snapshot and a superblock are refused", async () => {
    const { verdicts } = await everyByte("cut", (bytes, at) => bytes.subarray(0, at));
    for (const [path, { recovered }] of verdicts) expect(recovered, path).toBe(0);
  });

  test("flipped, what was written is refused, but for one slot of the superblock: the other one stands in", async () => {
    const { disk, verdicts } = await everyByte("flip", (bytes, at) => withBit(bytes, at, at % 8));
    for (const [path, { refused, recovered }] of verdicts) {
      if (path.endsWith("superblock")) expect({ refused, recovered }).toMatchObject({ refused: sectorBytes });
      else expect(refused, path).toBeGreaterThanOrEqual(writtenBytes(disk.get(path)));
    }
  });

  test("with zeros from there on, what was acknowledged is refused", async () => {
    const { disk, verdicts } = await everyByte("zero", (bytes, at) => Buffer.from(bytes).fill(0, at));
    for (const [path, { refused }] of verdicts) {
      if (!path.endsWith("superblock")) expect(refused, path).toBe(writtenBytes(disk.get(path)));
    }
  });
});

test("a data directory is not started as another node's", async () => {
  const { disk } = await liveStore("n1", 1, 5);
  await expect(openNode(disk, "n2")).rejects.toThrow(
    "/data is the data directory of node n1, and this is n2. Start n1 with it, or give n2 its own",
  );
});

test("a log without its superblock is refused: nothing says what was promised", async () => {
  const { disk } = await liveStore("n1", 1, 5);
  disk.delete("/data/superblock");
  await expect(openNode(disk, "n1")).rejects.toThrow("/data/superblock is missing, but the directory holds a log");
});

test("an old copy of the whole directory starts: no node can tell by itself", async () => {
  const { earlier } = await liveStore("n1", 1);
  await (await openNode(earlier[2]!, "n1")).close();
});

function damaged(disk: FakeDisk, kind: string, path: string, change: (bytes: Buffer) => Buffer, how: string): Damage {
  const copy = disk.copy();
  copy.put(path, change(disk.paths().includes(path) ? disk.get(path) : Buffer.alloc(0)));
  return { kind, what: `${kind} ${path} ${how}`, disk: copy };
}

function withBit(bytes: Buffer, at: number, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = changed[at]! ^ (1 << bit);
  return changed;
}

/** All files but a segment that is only prepared. */
function writtenFiles(disk: FakeDisk): string[] {
  return disk.paths().filter((path) => writtenBytes(disk.get(path)) > 0);
}

/** Without the zeros that a file ends with. */
function writtenBytes(bytes: Buffer): number {
  return bytes.findLastIndex((byte) => byte !== 0) + 1;
}

function kindOf(path: string): string {
  return basename(path).replaceAll(/\d/g, "");
}
