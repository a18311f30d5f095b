import { Memo } from "./memo.ts";
import type { Problem } from "./problem.ts";
import type { Schedule } from "./schedule.ts";
import { noState } from "./state-machine.ts";
import { nothingUsed, type Used, usedOf, withOneMore } from "./used.ts";

export type SearchOutcome = "valid" | "invalid" | "unknown";

/** Where a search was stuck: a state, and which of the operations under way it had placed. */
export interface Configuration {
  readonly state: number;
  /** Operations under way that were not placed, as places in the schedule's operations. */
  readonly waiting: readonly number[];
}

/** How many configurations are kept of the return that could not be passed. */
const maxConfigurations = 16;

/** Whether to go on is asked this often. */
const stepsBetweenQuestions = 1024;

/**
 * Alternatives at a return: to leave an optional operation out, then to take one of those under way. Of pure ones only
 * those are left that do not fit, but for a state that stands for any: there they say which one it is.
 */
const leaveOut = 0;
const others = 1;

/**
 * Depth-first search for an order that explains all operations (Wing and Gong 1993, with the memory of Lowe 2017).
 * Choices are made at returns alone; pure operations are placed as soon as they fit; operations of unknown outcome are
 * used last. The stack is an array of its own, so that depth costs memory and nothing else, and a search that ran out
 * of nodes can go on.
 */
export class ExactSearch {
  readonly #problem: Problem;
  readonly #schedule: Schedule;
  readonly #memo: Memo;
  readonly #mask: Int32Array;
  readonly #choices: readonly { group: number; letter: number }[];
  #depth = 0;
  /** Of a frame: its return, state, next alternative and mask, one after the other. */
  #frames = new Int32Array(1024);
  readonly #used: Used[] = [];
  readonly #stride: number;
  #start = 0;
  #r = 0;
  #steps = 0;
  nodes = 0;
  /** The first return that no order has passed so far. */
  far = -1;
  #stuck: Configuration[] = [];

  constructor(problem: Problem, schedule: Schedule) {
    this.#problem = problem;
    this.#schedule = schedule;
    this.#mask = new Int32Array(schedule.changingWords + schedule.pureWords);
    this.#stride = this.#mask.length + 3;
    this.#memo = new Memo(schedule, schedule.groups.length > 0 && problem.unlimitedWithin === undefined);
    this.#choices = schedule.groups.flatMap(({ letters }, group) => letters.map((letter) => ({ group, letter })));
  }

  /** Entries of memory in use. */
  get memory(): number {
    return this.#memo.size + this.#depth + this.#problem.machine.weight;
  }

  /** Some of the configurations in which the return `far` could not be passed. */
  get stuck(): readonly Configuration[] {
    return this.#stuck;
  }

  /** Searches on, for so many nodes at most. `mayGoOn` is asked now and then. */
  run(nodes: number, mayGoOn: () => boolean = () => true): SearchOutcome {
    const limit = this.nodes + nodes;
    let nextQuestion = this.#steps + stepsBetweenQuestions;
    for (;;) {
      if (this.#depth === 0) {
        if (this.#start === this.#problem.starts.length) return "invalid";
        this.#mask.fill(0);
        if (this.#enter(0, this.#problem.starts[this.#start++]!, nothingUsed)) return "valid";
        continue;
      }
      if (this.nodes >= limit) return "unknown";
      if (this.#steps >= nextQuestion) {
        nextQuestion = this.#steps + stepsBetweenQuestions;
        if (!mayGoOn()) return "unknown";
      }
      if (this.#tryNext()) return "valid";
    }
  }

  /** The order that was found, as places in the problem's operations; from one start state, with limited uses. */
  order(): { operation: number; letter: number }[] {
    return new OrderReader(this.#problem, this.#schedule, this.#path()).read();
  }

  /** The alternatives taken, from the first frame to the last. */
  #path(): number[] {
    return Array.from({ length: this.#depth }, (_, depth) => this.#frames[depth * this.#stride + 2]! - 1);
  }

  /** Takes the next alternative of the top frame; true when that leads to the end. */
  #tryNext(): boolean {
    const at = (this.#depth - 1) * this.#stride;
    const r = this.#frames[at]!;
    const state = this.#frames[at + 1]!;
    const used = this.#used[this.#depth - 1]!;
    const { pending, pendingFrom, twin, returns, slot, letter, optional } = this.#schedule;
    const { machine } = this.#problem;
    const first = pendingFrom[r]! - others;
    const end = pendingFrom[r + 1]! - first;
    for (let alternative = this.#frames[at + 2]!; alternative < end; alternative++) {
      this.#steps++;
      if (alternative === leaveOut) {
        if (optional[returns[r]!] === 0) continue;
        return this.#take(at, alternative, -1, r + 1, state, used);
      }
      const op = pending[first + alternative]!;
      if (this.#isSet(at + 3, slot[op]!)) continue;
      const before = twin[first + alternative]!;
      if (before >= 0 && !this.#isSet(at + 3, slot[pending[before]!]!)) continue;
      const next = machine.step(state, letter[op]!);
      if (next === noState) continue;
      return this.#take(at, alternative, slot[op]!, r, next, used);
    }
    return this.#tryUnanswered(at, r, state, used, end);
  }

  #tryUnanswered(at: number, r: number, state: number, used: Used, end: number): boolean {
    const { groups, returnTimes } = this.#schedule;
    const within = this.#problem.unlimitedWithin;
    for (let alternative = Math.max(this.#frames[at + 2]!, end); ; alternative++) {
      const choice = this.#choices[alternative - end];
      if (choice === undefined) break;
      const { members } = groups[choice.group]!;
      if (members[0]!.inv > returnTimes[r]!) break;
      this.#steps++;
      const count = within !== undefined ? 0 : usedOf(used, choice.group);
      if (count >= members.length || members[count]!.inv > returnTimes[r]!) continue;
      const next = this.#problem.machine.step(state, choice.letter);
      if (next === noState || next === state || within?.has(next) === false) continue;
      const after = within !== undefined ? used : withOneMore(used, choice.group);
      return this.#take(at, alternative, -1, r, next, after);
    }
    this.#depth--;
    return false;
  }

  #take(at: number, alternative: number, slot: number, r: number, state: number, used: Used): boolean {
    this.#frames[at + 2] = alternative + 1;
    for (let word = 0; word < this.#mask.length; word++) this.#mask[word] = this.#frames[at + 3 + word]!;
    if (slot >= 0) this.#mask[slot >>> 5]! |= 1 << (slot & 31);
    return this.#enter(r, state, used);
  }

  /** Goes on from a configuration to the next choice, and pushes it; true when there is nothing left to choose. */
  #enter(r: number, state: number, used: Used): boolean {
    this.#r = r;
    if (this.#advance(state)) return true;
    this.nodes++;
    if (!this.#memo.add(this.#r, state, this.#mask, used)) return false;
    if (this.#r >= this.far) this.#noteStuck(state);
    const at = this.#depth * this.#stride;
    if (at + this.#stride > this.#frames.length) {
      const grown = new Int32Array(this.#frames.length * 2);
      grown.set(this.#frames);
      this.#frames = grown;
    }
    this.#frames[at] = this.#r;
    this.#frames[at + 1] = state;
    this.#frames[at + 2] = leaveOut;
    this.#frames.set(this.#mask, at + 3);
    this.#used[this.#depth++] = used;
    return false;
  }

  /** Places pure operations that fit and passes returns of placed operations; true at the end. */
  #advance(state: number): boolean {
    const { returns, pending, pendingFrom, pureUntil, slot, letter } = this.#schedule;
    const mask = this.#mask;
    const { machine } = this.#problem;
    for (let r = this.#r; ; r++) {
      if (r === returns.length) return true;
      this.#steps++;
      for (let i = pendingFrom[r]!; i < pureUntil[r]!; i++) {
        const op = pending[i]!;
        if (machine.step(state, letter[op]!) === state) mask[slot[op]! >>> 5]! |= 1 << (slot[op]! & 31);
      }
      const ending = slot[returns[r]!]!;
      const bit = 1 << (ending & 31);
      if ((mask[ending >>> 5]! & bit) === 0) {
        this.#r = r;
        return false;
      }
      mask[ending >>> 5]! &= ~bit;
    }
  }

  #isSet(maskAt: number, slot: number): boolean {
    return ((this.#frames[maskAt + (slot >>> 5)]! >>> (slot & 31)) & 1) === 1;
  }

  #noteStuck(state: number): void {
    if (this.#r > this.far) {
      this.far = this.#r;
      this.#stuck = [];
    }
    if (this.#stuck.length === maxConfigurations) return;
    const { pending, pendingFrom, slot } = this.#schedule;
    const under = pending.subarray(pendingFrom[this.#r]!, pendingFrom[this.#r + 1]!);
    const waiting = [...under].filter((op) => ((this.#mask[slot[op]! >>> 5]! >>> (slot[op]! & 31)) & 1) === 0);
    this.#stuck.push({ state, waiting });
  }
}

/** Reads the order off the alternatives that led to the end. */
class OrderReader {
  readonly #problem: Problem;
  readonly #schedule: Schedule;
  readonly #path: readonly number[];
  readonly #placed = new Set<number>();
  readonly #order: { operation: number; letter: number }[] = [];

  constructor(problem: Problem, schedule: Schedule, path: readonly number[]) {
    this.#problem = problem;
    this.#schedule = schedule;
    this.#path = path;
  }

  read(): { operation: number; letter: number }[] {
    const { returns, pending, pendingFrom, pureUntil, groups } = this.#schedule;
    const choices = groups.flatMap(({ letters }, group) => letters.map((letter) => ({ group, letter })));
    const counts = groups.map(() => 0);
    let state = this.#problem.starts[0]!;
    let step = 0;
    for (let r = 0; r < returns.length; ) {
      for (const op of pending.subarray(pendingFrom[r]!, pureUntil[r]!)) {
        if (!this.#placed.has(op) && this.#after(state, op) === state) this.#place(op);
      }
      if (this.#placed.has(returns[r]!)) {
        r++;
        continue;
      }
      const alternative = this.#path[step++]!;
      const first = pendingFrom[r]! - others;
      const end = pendingFrom[r + 1]! - first;
      if (alternative >= end) {
        const { group, letter } = choices[alternative - end]!;
        const member = groups[group]!.members[counts[group]!++]!;
        this.#order.push({ operation: member.place, letter });
        state = this.#problem.machine.step(state, letter);
      } else if (alternative === leaveOut) r++;
      else {
        const op = pending[first + alternative]!;
        state = this.#after(state, op);
        this.#place(op);
      }
    }
    return this.#order;
  }

  #after(state: number, op: number): number {
    return this.#problem.machine.step(state, this.#schedule.letter[op]!);
  }

  #place(op: number): void {
    this.#placed.add(op);
    this.#order.push({ operation: this.#schedule.operations[op]!.place, letter: this.#schedule.letter[op]! });
  }
}
