import { type Annotator, annotators } from "../event.ts";
import { type EdnValue, isKind } from "./edn/value.ts";

const nemesisName = /nemes|chaos|fault|inject|monkey/i;

/**
 * Who speaks in another recorder's history. Whole numbers from 0 are clients; so are other whole numbers and texts that
 * invoke something, which get numbers of their own. All else is a nemesis, whatever its name.
 */
export class Processes {
  readonly #numbers = new Map<string, number>();
  readonly #taken = new Set<number>();
  #next = 0;

  of(process: EdnValue, invokes: boolean): number | Annotator {
    const name = isKind(process, "keyword") ? process.name : process;
    const annotator = annotators.find((known) => known === name);
    if (annotator !== undefined) return annotator;
    if (typeof process === "number" && Number.isSafeInteger(process) && process >= 0) return this.#number(`${process}`);
    if (typeof process !== "bigint" && (typeof process !== "string" || nemesisName.test(process))) return "nemesis";
    return invokes || this.#numbers.has(`${process}`) ? this.#number(`${process}`) : "nemesis";
  }

  /** A name that is a number, where it is free; else the first that is. */
  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const own = /^\d{1,15}$/.test(name) ? Number(name) : null;
    const number = own === null || this.#taken.has(own) ? this.#free() : own;
    this.#numbers.set(name, number);
    this.#taken.add(number);
    return number;
  }

  #free(): number {
    while (this.#taken.has(this.#next)) this.#next++;
    return this.#next;
  }
}
