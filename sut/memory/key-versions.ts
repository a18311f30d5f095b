import type { Json } from "../raft/kv/commands.ts";

/** Versions older than this are forgotten, but for the one that was current then. */
const keptMs = 1000;

interface Version {
  readonly sinceMs: number;
  readonly value: Json;
}

/** What each key held, and since when: for nodes that lag behind. */
export class KeyVersions {
  readonly #versions = new Map<string, Version[]>();

  add(key: string, value: Json, nowMs: number): void {
    const versions = this.#versions.get(key) ?? [];
    versions.push({ sinceMs: nowMs, value });
    while ((versions[1]?.sinceMs ?? nowMs) < nowMs - keptMs) versions.shift();
    this.#versions.set(key, versions);
  }

  /** What the key held at a time, which is at most a second ago. */
  at(key: string, timeMs: number): Json {
    return this.#versions.get(key)?.findLast(({ sinceMs }) => sinceMs <= timeMs)?.value ?? null;
  }
}
