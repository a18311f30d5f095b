import type { HistoryEvent } from "../../history/event.ts";
import { type EventScanner, lineTypes, scalarKinds } from "../../history/event-scanner.ts";
import { scannedEvent } from "../../history/scan.ts";
import type { ModelFit } from "../chosen-model.ts";
import { type Guess, ModelGuess } from "../guess-model.ts";
import { ByteInterner } from "../operations/byte-interner.ts";
import type { Filling, Form } from "./form.ts";

/** What a history says of the model to judge it by. */
export interface Signs {
  readonly guess: Guess;
  /** The first event that the model asked for cannot judge. */
  readonly objection: Objection | null;
}

export interface Objection {
  readonly line: number;
  readonly why: string;
}

/** `fit`: of the model that was asked for, if one was. */
export function signsForm(fit: ModelFit | null): Form<SignsFilling> {
  return { begin: () => new SignsFilling(fit) };
}

export class SignsFilling implements Filling<SignsFilling> {
  readonly held = this;
  readonly needsValues = true;
  readonly #fit: ModelFit | null;
  readonly #guess = new ModelGuess();
  readonly #tally = new ScalarTally(this.#guess);
  #objection: Objection | null = null;

  constructor(fit: ModelFit | null) {
    this.#fit = fit;
  }

  signs(): Signs {
    this.#tally.tell();
    return { guess: this.#guess.model(), objection: this.#objection };
  }

  event(event: HistoryEvent, _operation: number, line: number): void {
    this.#guess.see(event);
    const why = this.#objection === null ? (this.#fit?.objection(event) ?? null) : null;
    if (why !== null) this.#objection = { line, why };
  }

  scanned(bytes: Buffer, scanner: EventScanner, operation: number, line: number): void {
    if (this.#fit === null && this.#tally.count(bytes, scanner)) return;
    this.event(scannedEvent(bytes, scanner), operation, line);
  }
}

/** Of operations on scalars a guess needs no more than how many there are of each kind. */
class ScalarTally {
  readonly #guess: ModelGuess;
  readonly #functions = new ByteInterner();
  #counts = new Float64Array(cellsOf(64));

  constructor(guess: ModelGuess) {
    this.#guess = guess;
  }

  /** False for one that a guess has to look at: a compare-and-set. */
  count(bytes: Buffer, { fStart, fEnd, type, value, second }: EventScanner): boolean {
    if (second.kind !== scalarKinds.none || isCas(bytes, fStart, fEnd)) return false;
    const known = this.#functions.count;
    const f = this.#functions.intern(bytes, fStart, fEnd);
    if (f === known) this.#guess.seeFunction(this.#functions.text(f));
    if (cellsOf(f + 1) > this.#counts.length) this.#grow();
    this.#counts[(f * types + type) * kinds + value.kind]!++;
    return true;
  }

  tell(): void {
    for (let f = 0; f < this.#functions.count; f++) {
      for (const [name, type] of Object.entries(lineTypes) as [HistoryEvent["type"], number][]) {
        const cell = (f * types + type) * kinds;
        const [none = 0, nil = 0, numbers = 0, texts = 0] = this.#counts.subarray(cell, cell + kinds);
        this.#guess.seeScalars({ f: this.#functions.text(f), type: name, empty: none + nil, numbers, texts });
      }
    }
    this.#counts.fill(0);
  }

  #grow(): void {
    const grown = new Float64Array(this.#counts.length * 2);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

const types = Object.keys(lineTypes).length;
const kinds = Object.keys(scalarKinds).length;

function cellsOf(functions: number): number {
  return functions * types * kinds;
}

const cas = Buffer.from("cas");

function isCas(bytes: Buffer, start: number, end: number): boolean {
  return end - start === cas.length && bytes[start] === cas[0] && bytes.compare(cas, 0, cas.length, start, end) === 0;
}
