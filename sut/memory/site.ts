import type { RandomStream } from "../../random/stream.ts";
import { type Clock, nowMs } from "../../time/clock.ts";
import type { Json, KvCommand, KvResult } from "../raft/kv/commands.ts";
import { KvStore } from "../raft/kv/store.ts";
import type { Question } from "../raft/protocol/client-messages.ts";
import { KeyVersions } from "./key-versions.ts";

/** Carries out what a client asked of a node. */
export type CarryOut = (question: Question, node: string) => Promise<KvResult>;

/** Time and chance, passed in so that a test runs in virtual time and the same seed gives the same run. */
export interface Surroundings {
  readonly random: RandomStream;
  readonly clock: Clock;
}

/** The state that all nodes share, and what was in it a moment ago. */
export class Site {
  readonly nodes: readonly string[];
  readonly around: Surroundings;
  readonly versions = new KeyVersions();
  readonly #store = new KvStore();

  constructor(nodes: readonly string[], around: Surroundings) {
    this.nodes = nodes;
    this.around = around;
  }

  get(key: string): Json {
    return this.#store.get(key);
  }

  commit(command: KvCommand): KvResult {
    const result = this.#store.apply(command);
    if (result.type === "ok") {
      const timeMs = nowMs(this.around.clock);
      for (const key of keysOf(command)) this.versions.add(key, this.#store.get(key), timeMs);
    }
    return result;
  }

  /** What the command would answer now, without doing it. */
  preview(command: KvCommand): KvResult {
    const scratch = new KvStore();
    for (const key of keysOf(command)) scratch.apply({ type: "put", key, value: this.#store.get(key) });
    return scratch.apply(command);
  }

  sometimes(probability: number): boolean {
    return this.around.random.fraction() < probability;
  }
}

/** As it should be: each question is answered at one instant, from the one state. */
export function healthy(site: Site): CarryOut {
  return async (question) => {
    if ("read" in question) return { type: "ok", value: site.get(question.read) };
    return site.commit(question.command);
  };
}

/** The keys that a command reads or writes. */
function keysOf(command: KvCommand): readonly string[] {
  return command.type === "txn" ? [...new Set(command.steps.map(([, key]) => key))] : [command.key];
}
