import { setImmediate as turn } from "node:timers/promises";
import { type KvSnapshot, KvStore } from "../sut/raft/kv/store.ts";

/**
 * How long a snapshot holds up the event loop of a store of 100 MB that goes on writing. A pause is the time of one turn:
 * the writes of a turn, a piece of the work, and what the garbage collector does. Run: `npm run bench:snapshot`.
 */
const keyCount = 400_000;
const valueBytes = 256;
/** About what three nodes on this kind of machine get through. */
const writesPerSecond = 20_000;
const pieceBytes = 256 * 1024;
const changesPerTurn = 2_000;
/** Every 20th write is of a new key, and every 20th deletes one. */
const newKeyEvery = 20;

const store = new KvStore();
let written = 0;

fill();
console.log(`${keyCount} keys of ${valueBytes} bytes, ${writesPerSecond} writes a second, Node ${process.version}\n`);
console.log(row("phase", "turns", "seconds", "p99 ms", "longest ms"));
await measure("writes alone", untilTurn(2_000));
const pieces: Uint8Array[] = [];
const snapshot = store.beginSnapshot();
await measure("draining the snapshot", () => takePiece(snapshot));
await measure("taking changes in", () => snapshot.release(changesPerTurn));
await measure("restoring", restorePieces(), 0);
console.log(`\nsnapshot: ${(pieces.reduce((sum, { length }) => sum + length, 0) / 1e6).toFixed(0)} MB`);

/** Runs `work` once a turn, with writes, until it says that it is done. */
async function measure(phase: string, work: () => boolean, rate = writesPerSecond): Promise<void> {
  const turnsMs: number[] = [];
  const startMs = performance.now();
  let fromMs = startMs;
  let writes = 0;
  for (let done = false; !done; ) {
    for (; writes < (rate * (fromMs - startMs)) / 1000; writes++) write();
    done = work();
    await turn();
    const nowMs = performance.now();
    turnsMs.push(nowMs - fromMs);
    fromMs = nowMs;
  }
  turnsMs.sort((a, b) => a - b);
  const p99 = turnsMs[Math.floor(turnsMs.length * 0.99)]!;
  const seconds = ((fromMs - startMs) / 1000).toFixed(2);
  console.log(row(phase, String(turnsMs.length), seconds, p99.toFixed(1), turnsMs.at(-1)!.toFixed(1)));
}

function fill(): void {
  for (let i = 0; i < keyCount; i++) store.apply({ type: "put", key: `key-${i}`, value: valueAt(i) });
}

function write(): void {
  written++;
  const old = `key-${(written * 7919) % keyCount}`;
  if (written % newKeyEvery === 0) store.apply({ type: "put", key: `new-${written}`, value: valueAt(written) });
  else if (written % newKeyEvery === 1) store.apply({ type: "delete", key: old });
  else store.apply({ type: "put", key: old, value: valueAt(written) });
}

function valueAt(i: number): string {
  return String(i).padEnd(valueBytes, "x");
}

function untilTurn(last: number): () => boolean {
  let turns = 0;
  return () => ++turns === last;
}

function takePiece({ next }: KvSnapshot): boolean {
  const piece = next(pieceBytes);
  if (piece !== null) pieces.push(piece);
  return piece === null;
}

function restorePieces(): () => boolean {
  const reader = new KvStore().restore();
  let at = 0;
  return () => {
    reader.push(pieces[at]!);
    at++;
    if (at === pieces.length) reader.finish();
    return at === pieces.length;
  };
}

function row(phase: string, turns: string, seconds: string, p99: string, longest: string): string {
  return [phase.padEnd(24), turns.padStart(7), seconds.padStart(9), p99.padStart(9), longest.padStart(12)].join("");
}
