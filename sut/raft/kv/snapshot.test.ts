import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogCommand } from "./commands.ts";
import { SnapshotError } from "./snapshot-reader.ts";
import { type KvSnapshot, KvStore } from "./store.ts";
import { keys, logCommand } from "./test-commands.ts";

const limits = { maxSessions: 2, maxValueBytes: 60 };

function drain(snapshot: KvSnapshot, maxBytes: number): Buffer {
  const pieces: Uint8Array[] = [];
  for (let piece = snapshot.next(maxBytes); piece !== null; piece = snapshot.next(maxBytes)) pieces.push(piece);
  while (!snapshot.release(1));
  return Buffer.concat(pieces);
}

function restoredFrom(bytes: Uint8Array, pieceBytes: number): KvStore {
  const store = new KvStore(limits);
  const reader = store.restore();
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  reader.finish();
  return store;
}

const bytesOf = (store: KvStore) => drain(store.beginSnapshot(), 1000).toString();

/** Commands, and a snapshot that goes on between them: a piece, or a change taken in, at each of these. */
const action = fc.oneof(
  { weight: 3, arbitrary: logCommand },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("snapshot" as const), maxBytes: fc.integer({ min: 1, max: 200 }) }),
  },
);

test("a snapshot's bytes follow from the commands before it alone, whatever is under way (§5.1)", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80, size: "max" }), (actions) => {
      const store = new KvStore(limits);
      const undisturbed = new KvStore(limits);
      let underWay: { snapshot: KvSnapshot; expected: string; pieces: Uint8Array[]; drained: boolean } | null = null;
      for (const each of actions) {
        if (each.type !== "snapshot") {
          expect(store.apply(each)).toEqual(undisturbed.apply(each));
        } else if (underWay === null && !store.isFrozen) {
          underWay = { snapshot: store.beginSnapshot(), expected: bytesOf(undisturbed), pieces: [], drained: false };
        } else if (underWay !== null && !underWay.drained) {
          const piece = underWay.snapshot.next(each.maxBytes);
          if (piece !== null) underWay.pieces.push(piece);
          else underWay.drained = true;
        } else if (underWay !== null) {
          expect(Buffer.concat(underWay.pieces).toString()).toBe(underWay.expected);
          if (underWay.snapshot.release(1)) underWay = null;
          taken++;
        }
        for (const key of keys) expect(store.get(key)).toEqual(undisturbed.get(key));
      }
      if (underWay !== null) while (!underWay.snapshot.release(1));
      expect(bytesOf(store)).toBe(bytesOf(undisturbed));
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(100);
});

test("a restored store goes on as the one that the snapshot was taken of, however the pieces were cut", () => {
  const commands = fc.array(logCommand, { maxLength: 40, size: "max" });
  fc.assert(
    fc.property(commands, commands, fc.integer({ min: 1, max: 100 }), (before, after, pieceBytes) => {
      const original = new KvStore(limits);
      for (const command of before) original.apply(command);
      const bytes = drain(original.beginSnapshot(), 1000);
      const copy = restoredFrom(bytes, pieceBytes);
      for (const command of after) expect(copy.apply(command)).toEqual(original.apply(command));
      expect(bytesOf(copy)).toBe(bytesOf(original));
    }),
  );
});

test("every JSON value comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (key, value) => {
      const store = new KvStore();
      store.apply({ type: "put", key, value } as LogCommand);
      const copy = new KvStore();
      const reader = copy.restore();
      reader.push(drain(store.beginSnapshot(), 1000));
      reader.finish();
      expect(JSON.stringify(copy.get(key))).toBe(JSON.stringify(store.get(key)));
    }),
  );
});

test("pieces are at most as large as was asked for, but for a row that is larger, which goes alone", () => {
  const store = new KvStore();
  const rows = Array.from({ length: 20 }, (_, i) => ["value", `k${i}`, "€".repeat(i === 9 ? 100 : i)] as const);
  for (const [, key, value] of rows) store.apply({ type: "put", key, value });
  const snapshot = store.beginSnapshot();
  const pieces: string[] = [];
  for (let piece = snapshot.next(90); piece !== null; piece = snapshot.next(90))
    pieces.push(Buffer.from(piece).toString());
  const large = pieces.filter((piece) => Buffer.byteLength(piece) > 90);
  expect(large.map((piece) => piece.trimEnd().split("\n").length)).toEqual([1]);
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.every((piece) => piece.endsWith("\n"))).toBe(true);
});

test("a snapshot is lines of JSON, which anyone can read", () => {
  const store = new KvStore();
  store.apply({ type: "append", key: "k", element: { a: null } });
  store.apply({ type: "open-session" });
  store.apply({ type: "once", session: 1, sequence: 7, command: { type: "incr", key: "k", by: 1 } });
  expect(bytesOf(store)).toBe(
    `${['["keelhaul-kv",1]', '["value","k",[{"a":null}]]', '["session",1,7,{"type":"wrong-type"}]', '["end",1,3]'].join(
      "\n",
    )}\n`,
  );
});

test("only one snapshot is under way at a time; one that was given up makes room for the next", () => {
  const store = new KvStore();
  const first = store.beginSnapshot();
  store.apply({ type: "put", key: "k", value: 1 });
  expect(() => store.beginSnapshot()).toThrow();
  while (!first.release(1));
  expect(bytesOf(store)).toContain('"k",1');
});

test("a snapshot that is not whole, or not one, is refused with the row", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "k", value: "text" });
  const whole = bytesOf(store);
  for (let length = 0; length < whole.length; length++) {
    const reader = new KvStore().restore();
    expect(() => {
      reader.push(Buffer.from(whole.slice(0, length)));
      reader.finish();
    }, `${length} bytes`).toThrow(SnapshotError);
  }
  const refusals = {
    [`${whole}["end",0,2]\n`]: 'the snapshot continues after its end with ["end",0,2]',
    '["value","k",1]\n': 'row 1 of the snapshot cannot be read: ["value","k",1]',
    '["keelhaul-kv",2]\n': "the snapshot is of format 2; this node reads 1",
    '["keelhaul-kv",1]\n["end",0,7]\n': "the snapshot has 1 rows before its end, not 7",
    '["keelhaul-kv",1]\n["what"]\n': 'row 2 of the snapshot cannot be read: ["what"]',
    [`["keelhaul-kv",1]\n${"x".repeat(200)}\n`]: `row 2 of the snapshot cannot be read: ${"x".repeat(80)}…`,
  };
  for (const [text, message] of Object.entries(refusals)) {
    expect(() => new KvStore().restore().push(Buffer.from(text))).toThrow(message);
  }
});
