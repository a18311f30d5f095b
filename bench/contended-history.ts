import type { HistoryEvent } from "../history/event.ts";
import { type RandomStream, randomStream } from "../random/stream.ts";

export interface ContendedOptions {
  readonly operations: number;
  readonly clients: number;
  /** How many values there are. */
  readonly domain: number;
  /** Of a hundred operations; reads and writes share the rest. */
  readonly casPercent: number;
  readonly unknownPercent: number;
  readonly seed: number;
  /** Spoils one read after this share of the operations: a value that nobody wrote, or one of the wrong time. */
  readonly spoilAt?: { readonly share: number; readonly how: "phantom" | "stale" };
}

interface Planned {
  readonly process: number;
  readonly inv: number;
  readonly ret: number;
  readonly at: number;
}

/** Clients of one register that holds few values, all busy all the time: linearizable but for the spoiled read. */
export function contendedHistory(options: ContendedOptions): HistoryEvent[] {
  const random = randomStream(options.seed, "contended history");
  const planned = plan(options, random).sort((a, b) => a.at - b.at);
  const spoilFrom = (options.spoilAt?.share ?? Number.POSITIVE_INFINITY) * options.operations;
  let value: number | null = null;
  let spoiled = false;
  const events = planned.flatMap(({ process, inv, ret }, count): HistoryEvent[] => {
    const kind = random.integer(0, 99);
    const unknown = random.integer(0, 99) < options.unknownPercent;
    const happens = !unknown || random.integer(0, 1) === 0;
    const fresh = random.integer(1, options.domain);
    const common = { index: 0, process, key: "x" };
    const answer = (f: string, asked: unknown, seen: unknown, refused = false): HistoryEvent[] => [
      { ...common, time: inv, type: "invoke", f, value: asked },
      {
        ...common,
        ...{ time: ret, f, value: unknown ? asked : seen, type: unknown ? "info" : refused ? "fail" : "ok" },
        ...(refused && !unknown ? { error: "cas-mismatch" } : {}),
      },
    ];
    if (kind < options.casPercent) {
      const old = random.integer(0, 3) === 0 ? fresh : value;
      const next = random.integer(1, options.domain);
      const holds = old === value;
      if (holds && happens) value = next;
      return answer("cas", [old, next], [old, next], !holds);
    }
    if (kind % 2 === 0) {
      if (happens) value = fresh;
      return answer("write", fresh, fresh);
    }
    if (unknown || spoiled || count < spoilFrom) return answer("read", null, value);
    spoiled = true;
    return answer("read", null, options.spoilAt?.how === "phantom" ? options.domain + 1 : null);
  });
  return events.sort((a, b) => a.time - b.time).map((event, index) => ({ ...event, index }));
}

/** A process that got no answer is replaced by a new one, so processes are numbered by operation. */
function plan({ operations, clients }: ContendedOptions, random: RandomStream): Planned[] {
  const free = Array.from({ length: clients }, () => random.integer(0, 1_000_000));
  return Array.from({ length: operations }, (_, process) => {
    const client = process % clients;
    const inv = free[client]! + random.integer(1000, 200_000);
    const ret = inv + random.integer(500_000, 4_000_000);
    free[client] = ret + 1;
    return { process, inv, ret, at: inv + random.fraction() * (ret - inv) };
  });
}
