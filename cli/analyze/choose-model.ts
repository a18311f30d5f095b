import { type ChosenModel, type ChosenModelName, ModelFit } from "../../analysis/chosen-model.ts";
import { type Guess, type GuessedChecker, ModelGuess } from "../../analysis/guess-model.ts";
import type { Objection, Signs } from "../../analysis/reading/signs.ts";
import { UsageError } from "../../errors/errors.ts";
import type { HistoryEvent } from "../../history/event.ts";
import type { ImportFormat, LocatedEvent } from "../../history/import/format.ts";
import { type AnalyzeRequest, refuseOptions, requireConsistency } from "./flags.ts";

/** Knossos takes a read of nil for one whose value is not known; these models have such reads. */
const readsMayBeUnknown: readonly ChosenModelName[] = ["register", "cas-register", "multi-register"];

/**
 * Looks at every event of a history on its way, and then knows the model to judge it by: the one that was asked for,
 * or the one that its operations belong to.
 */
export class ModelChoice {
  readonly #name: string;
  readonly #request: AnalyzeRequest;
  readonly #format: ImportFormat;
  readonly #guess = new ModelGuess();
  /** The model that was asked for, if one was. */
  readonly asked: ChosenModel | undefined;

  constructor(name: string, format: ImportFormat, request: AnalyzeRequest) {
    this.#name = name;
    this.#format = format;
    this.#request = request;
    this.asked = request.model === undefined ? undefined : this.#withOptions(request.model);
  }

  /** The events, unchanged. Throws UsageError at the first that the model asked for cannot judge. */
  *watch(events: Iterable<LocatedEvent>): Generator<HistoryEvent> {
    const fit = this.asked === undefined ? null : new ModelFit(this.asked);
    for (const { event, line } of events) {
      this.#guess.see(event);
      const why = fit?.objection(event) ?? null;
      if (why !== null) this.#refuse({ line, why });
      yield event;
    }
  }

  /** The judge of the events that were watched. Throws UsageError when there is none. */
  judge(): ChosenModel | GuessedChecker {
    return this.#judgeBy(this.#guess.model());
  }

  /** The judge of a history that says this of itself. Throws UsageError when there is none. */
  judgeOf({ guess, objection }: Signs): ChosenModel | GuessedChecker {
    if (objection !== null) this.#refuse(objection);
    return this.#judgeBy(guess);
  }

  #refuse({ line, why }: Objection): never {
    throw new UsageError(`${this.#name}:${line}: does not fit --model ${this.#request.model}: ${why}`);
  }

  /** The model, or the one checker that knows such operations. */
  #judgeBy(guess: Guess): ChosenModel | GuessedChecker {
    if (this.asked !== undefined) return this.asked;
    if (typeof guess === "string") return this.#withOptions(guess);
    if ("checker" in guess) return guess;
    const { why, options } = guess;
    const remedy = options.length === 0 ? "give one by --model or --checker" : `choose ${oneOf(options)}`;
    throw new UsageError(`${this.#name}: ${why}; ${remedy}`);
  }

  /** Whether the history has no event at all. */
  get isEmpty(): boolean {
    return this.#guess.isEmpty;
  }

  /** What the values say against how they were read. */
  warnings(): string[] {
    if (this.#request.independent || !this.#guess.allPairs) return [];
    return ["every value is a pair: add --independent if they are [key value], as in Jepsen's independent tests"];
  }

  #withOptions(name: ChosenModelName): ChosenModel {
    const { options } = this.#request;
    refuseOptions(name, options);
    const { consistency } = this.#request;
    if (consistency !== undefined) requireConsistency(name, [name]);
    const fromKnossos = this.#format.nilReadsSayNothing === true && readsMayBeUnknown.includes(name);
    return {
      name,
      options: { ...(fromKnossos ? { nilReads: "unknown" as const } : {}), ...options },
      ...(consistency === undefined ? {} : { consistency }),
      search: this.#request.search,
    };
  }
}

function oneOf(options: readonly string[]): string {
  const last = options.at(-1) ?? "";
  return options.length < 2 ? last : `${options.slice(0, -1).join(", ")} or ${last}`;
}
