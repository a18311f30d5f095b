import type { FaultRecord } from "../../../history/annotations.ts";
import { nowMs, sleepMs } from "../../../time/clock.ts";
import { VirtualTime } from "../../../time/virtual-time.ts";
import { showLive } from "../live.ts";
import type { TerminalOutput } from "../terminal.ts";

/** Prints the bytes that the heap keeps after each minute of an hour of a live view. Needs `--expose-gc`. */
const output: TerminalOutput = { isTTY: true, columns: 100, rows: 30, write: () => true, on: () => {}, off: () => {} };
const collect = globalThis.gc;
if (collect === undefined) throw new Error("run this with --expose-gc");

const nodes = ["n1", "n2", "n3", "n4", "n5"] as const;
const frameMs = 125;
const operationsPerFrame = 25;

function fault(id: number, action: FaultRecord["action"]): FaultRecord {
  const variant = `variant ${id}`;
  return { id, action, startedNs: 0, variant, nodes: [nodes[id % nodes.length]!], evidence: [], effective: true };
}

const time = new VirtualTime();
const keptBytes: number[] = [];
await time.run(async () => {
  using view = showLive(output, time, true);
  const { tell } = view;
  tell({ type: "run", folder: "store/1", seed: 1, title: "an hour", timeLimitMs: 3_600_000 });
  tell({ type: "stage", stage: "load" });
  for (let second = 1; second <= 3600; second++) {
    for (let frame = 0; frame < 1000 / frameMs; frame++) {
      for (let each = 0; each < operationsPerFrame; each++) tell({ type: "operation", outcome: "ok" });
      await sleepMs(time, frameMs);
    }
    tell({ type: "so-far", verdict: "valid", summary: `${second} s are linearizable` });
    tell({ type: "node", record: { node: nodes[second % nodes.length]!, role: "follower", term: second } });
    if (second % 5 === 0) tell({ type: "fault", name: "kill", record: fault(second, second % 2 ? "inject" : "heal") });
    if (second % 10 === 0) tell({ type: "warning", warning: `warning ${second}` });
    if (second % 60 > 0) continue;
    collect();
    keptBytes.push(process.memoryUsage().heapUsed);
  }
});
process.stdout.write(`${JSON.stringify({ passedMs: nowMs(time), keptBytes })}\n`);
