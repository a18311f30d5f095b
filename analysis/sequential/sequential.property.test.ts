import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { sequentialChecker } from "../checkers/sequential.ts";
import { sequentiallyConsistent } from "./brute-force.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

interface Shape {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  readonly info: number;
  readonly cas: number;
  /** How likely an answer is to be one of another time. */
  readonly wrong: number;
  /** How likely a value is written again. */
  readonly again: number;
}

/** Processes that see registers each through a memory of its own age; wrong answers may yet have an explanation. */
function simulate(random: RandomStream, shape: Shape): HistoryEvent[] {
  const processes = Array.from({ length: shape.clients }, (_, process) => process);
  const held = new Map<string, unknown>();
  const written = new Map<string, unknown[]>();
  const events: HistoryEvent[] = [];
  const add = (event: Omit<HistoryEvent, "index" | "time">): unknown =>
    events.push({ index: events.length, time: events.length, ...event });
  for (let i = 1; i <= shape.operations; i++) {
    const client = random.integer(0, shape.clients - 1);
    const process = processes[client]!;
    const key = `k${random.integer(1, shape.keys)}`;
    const values = written.get(key) ?? [null];
    written.set(key, values);
    const real = held.get(key) ?? null;
    const seen = random.fraction() < shape.wrong ? random.pick(values) : real;
    const next = random.fraction() < shape.again ? random.pick(values) : i;
    const info = random.fraction() < shape.info;
    const kind = random.fraction() < shape.cas ? "cas" : random.pick(["read", "write"]);
    const refused = kind === "cas" && random.fraction() < 0.2;
    const asked = kind === "read" ? null : kind === "cas" ? [seen, next] : next;
    const failed = !info && kind === "write" && random.fraction() < 0.03;
    add({ process, type: "invoke", f: kind, key, value: asked });
    if (info) add({ process, type: "info", f: kind, key, error: "timeout" });
    else if (refused) add({ process, type: "fail", f: kind, key, error: "cas-mismatch" });
    else if (failed) add({ process, type: "fail", f: kind, key, error: "not-leader" });
    else add({ process, type: "ok", f: kind, key, value: kind === "read" ? seen : asked });
    if (info && random.fraction() < 0.7) processes[client] = process + shape.clients;
    if (kind !== "read" && !refused) values.push(next);
    if (kind !== "read" && !refused && !failed && (!info || random.fraction() < 0.5)) held.set(key, next);
  }
  return events;
}

/** Checks many small histories against brute force; returns how the checker decided. */
function compare(histories: number, purpose: string, shapeOf: (random: RandomStream) => Shape): Record<string, number> {
  const decided: Record<string, number> = { valid: 0, invalid: 0, unknown: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, purpose);
    const events = simulate(random, shapeOf(random));
    const { verdict, cause, summary } = sequentialChecker.check(events);
    decided[verdict]!++;
    if (cause !== undefined) decided[cause.code] = (decided[cause.code] ?? 0) + 1;
    if (verdict === "unknown") continue;
    const truth = sequentiallyConsistent(events) ? "valid" : "invalid";
    if (truth === verdict) continue;
    const said = `history ${i} of KEELHAUL_SEED=${seed}: ${verdict} (${summary}), but it is ${truth}`;
    throw new Error(`${said}\n${events.map((event) => JSON.stringify(event)).join("\n")}`);
  }
  return decided;
}

describe("the check for sequential consistency against brute force", () => {
  it("agrees on reads, writes and compare-and-sets of unique values", () => {
    const decided = compare(80_000, "unique", (random) => ({
      operations: random.integer(3, 10),
      ...{ clients: random.integer(2, 4), keys: random.integer(1, 3), info: random.pick([0, 0.1, 0.3]) },
      ...{ cas: random.pick([0, 0.2, 0.5]), wrong: random.pick([0, 0.2, 0.6]), again: 0 },
    }));
    expect(decided["valid"]).toBeGreaterThan(20_000);
    expect(decided["invalid"]).toBeGreaterThan(10_000);
    expect(decided["not-decided"]).toBeLessThan(12_000);
  });

  it("agrees where values are written several times", () => {
    const decided = compare(20_000, "repeated", (random) => ({
      operations: random.integer(3, 9),
      ...{ clients: random.integer(2, 4), keys: random.integer(1, 2), info: random.pick([0, 0.2]) },
      ...{ cas: random.pick([0, 0.3]), wrong: random.pick([0, 0.3]), again: 0.3 },
    }));
    expect(decided["valid"]).toBeGreaterThan(4000);
    expect(decided["invalid"]).toBeGreaterThan(500);
  });
});
