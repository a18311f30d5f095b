import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createRecorder } from "../controller/run/recorder.ts";
import { runLoad, type Worker } from "../controller/run/scheduler.ts";
import type { Operation } from "../history/event.ts";
import { formatEvent, type HistorySink, openHistoryWriter } from "../history/writer.ts";
import { wallClock } from "../time/clock.ts";
import type { Generator } from "../workloads/generators/generator.ts";

/**
 * What it costs that an invocation is in the history before its request is sent: operations a second of the harness, whose
 * clients ask another process over TCP, against a writer that hands everything to the operating system at the end of the
 * turn. Usage: node bench/history-writer.ts [rounds] [seconds]
 */
const rounds = Number(process.argv[2] ?? 7);
const seconds = Number(process.argv[3] ?? 2);
const concurrency = 20;

interface Sink extends Pick<HistorySink, "write" | "flush"> {
  close(): Promise<void>;
}

/** As Node writes to files: in another thread, once a turn. */
function openAtTurnEnd(file: string): Sink {
  const stream = createWriteStream(file, { flags: "ax", flush: true });
  let lines: string[] = [];
  const flushLater = (): void => {
    if (lines.length > 0) stream.write(lines.join(""));
    lines = [];
  };
  return {
    write: (event) => {
      if (lines.length === 0) setImmediate(flushLater);
      lines.push(formatEvent(event));
    },
    flush: () => {},
    close: async () => {
      flushLater();
      stream.end();
      await finished(stream);
    },
  };
}

const sinks = { "at the end of the turn": openAtTurnEnd, "invocations first": openHistoryWriter } as const;
type SinkName = keyof typeof sinks;

const endless: Generator = {
  next: ({ free: [process], timeNs }) => {
    if (process === undefined) return { type: "pending", untilNs: timeNs + 1e9 };
    const operation: Operation = { f: "write", key: "k", value: 12_345 };
    return { type: "offer", atNs: timeNs, process, operation, rest: endless };
  },
  hear: () => endless,
};

interface Measured {
  readonly perSecond: number;
  /** Of all threads of the harness, an operation. */
  readonly cpuUs: number;
}

async function measure(open: (file: string) => Sink): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "keelhaul-bench-"));
  const sink = open(join(folder, "history.jsonl"));
  const clock = wallClock();
  let done = 0;
  const sockets = await Promise.all(Array.from({ length: concurrency }, () => dial()));
  const workers = sockets.map((socket, process): Worker => {
    let answered = (): void => {};
    socket.on("data", () => answered());
    const invoke: Worker["client"]["invoke"] = (operation) =>
      new Promise((resolve) => {
        answered = () => {
          done++;
          resolve({ type: "ok", node: "n1" });
        };
        socket.write(`${JSON.stringify(operation)}\n`);
      });
    return { process, client: { invoke, close: () => {} }, timeoutMs: 1000 };
  });
  const load = { generator: endless, workers, concurrency, untilNs: seconds * 1e9, pickFree: () => 0 };
  const recorder = createRecorder(clock, sink, []);
  const spent = process.cpuUsage();
  await runLoad({ ...load, signal: new AbortController().signal }, clock, recorder);
  const { user, system } = process.cpuUsage(spent);
  const perSecond = done / (clock.nowNs() / 1e9);
  await sink.close();
  for (const socket of sockets) socket.destroy();
  rmSync(folder, { recursive: true });
  return { perSecond, cpuUs: (user + system) / done };
}

/** A process that sends back what it gets. */
const echo = spawn(
  process.execPath,
  [
    "-e",
    "require('net').createServer((s) => s.pipe(s)).listen(0, '127.0.0.1', function () { console.log(this.address().port) })",
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const [firstLine] = (await once(echo.stdout, "data")) as [Buffer];
const port = Number(firstLine.toString());

async function dial(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  return socket;
}

const names = Object.keys(sinks) as SinkName[];
const measured = new Map<SinkName, Measured[]>(names.map((name) => [name, []]));
for (const name of names) await measure(sinks[name]); // warm
for (let round = 0; round < rounds; round++) {
  const order = round % 2 === 0 ? names : names.toReversed();
  for (const name of order) measured.get(name)!.push(await measure(sinks[name]));
}
echo.kill();
const median = (name: SinkName, figure: keyof Measured): number => {
  const figures = measured.get(name)!.map((each) => each[figure]);
  return figures.toSorted((one, other) => one - other)[figures.length >> 1]!;
};
for (const name of names) {
  const [perSecond, cpuUs] = [median(name, "perSecond"), median(name, "cpuUs")];
  console.log(
    `${name.padEnd(23)} ${Math.round(perSecond)} operations a second, ${cpuUs.toFixed(1)} µs of CPU an operation`,
  );
}
for (const figure of ["perSecond", "cpuUs"] as const) {
  const [before, now] = names.map((name) => median(name, figure));
  console.log(`difference in ${figure.padEnd(9)} ${(((now! - before!) / before!) * 100).toFixed(1)} %`);
}
