import { illegal, type Model, type ModelOperation } from "../models/model.ts";

/** The answer of `step` where the operation cannot happen. */
export const noState = -1;

const notTried = -2;

/** With few letters a state's steps are a row of an array; with many, most would stay empty. */
const maxRowLength = 256;

/** About as many characters of a state's identity take the memory of one entry of the search's memo. */
const charactersAnEntry = 32;

/**
 * A model with its states and operations as small numbers, so that a search compares and remembers numbers. Operations
 * that ask and answer the same are one *letter*. Letters have to be known before the first step.
 */
export class StateMachine {
  readonly #model: Model;
  readonly #letters: ModelOperation[] = [];
  readonly #letterOf = new Map<string, number>();
  readonly #states: unknown[] = [];
  readonly #stateOf = new Map<string, number>();
  readonly #rows: Int32Array[] = [];
  readonly #steps = new Map<number, number>();
  #characters = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** The memory that its states take, in entries of a search's memo. */
  get weight(): number {
    const rows = this.#letters.length <= maxRowLength ? this.#rows.length * (this.#letters.length >> 3) : 0;
    return this.#states.length + this.#steps.size + this.#characters / charactersAnEntry + rows;
  }

  letter(operation: ModelOperation): number {
    const { f, key, asked, value, outcome } = operation;
    const text = JSON.stringify([f, key ?? null, asked, value, outcome]);
    const known = this.#letterOf.get(text);
    if (known !== undefined) return known;
    this.#letterOf.set(text, this.#letters.length);
    return this.#letters.push(operation) - 1;
  }

  state(state: unknown): number {
    const text = this.#model.identity?.(state) ?? JSON.stringify(state);
    const known = this.#stateOf.get(text);
    if (known !== undefined) return known;
    this.#characters += text.length;
    this.#stateOf.set(text, this.#states.length);
    return this.#states.push(state) - 1;
  }

  /** The state after an operation, or `noState`. */
  step(state: number, letter: number): number {
    return this.#letters.length <= maxRowLength ? this.#stepInRow(state, letter) : this.#stepInMap(state, letter);
  }

  /** An operation as the model knows it. */
  operation(letter: number): ModelOperation {
    return this.#letters[letter]!;
  }

  /** A state as the model knows it. */
  stateValue(state: number): unknown {
    return this.#states[state];
  }

  #stepInRow(state: number, letter: number): number {
    let row = this.#rows[state];
    if (row === undefined) {
      row = new Int32Array(this.#letters.length).fill(notTried);
      this.#rows[state] = row;
    }
    const known = row[letter]!;
    if (known !== notTried) return known;
    const next = this.#compute(state, letter);
    row[letter] = next;
    return next;
  }

  #stepInMap(state: number, letter: number): number {
    const key = state * this.#letters.length + letter;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const next = this.#compute(state, letter);
    this.#steps.set(key, next);
    return next;
  }

  #compute(state: number, letter: number): number {
    const next = this.#model.step(this.#states[state], this.#letters[letter]!);
    return next === illegal ? noState : this.state(next);
  }
}
