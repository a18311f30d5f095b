import { HistoryError } from "../../history/history-error.ts";
import type { HistorySource } from "../checker.ts";
import { type ChosenModel, ModelFit } from "../chosen-model.ts";
import { type Guess, ModelGuess } from "../guess-model.ts";
import { modelChecker } from "../model-checker.ts";
import { operationForm } from "../operations/build-table.ts";
import { checkerFor } from "../registry.ts";
import type { Form } from "./form.ts";
import { readForms, readingOf } from "./read.ts";
import { type Signs, signsForm } from "./signs.ts";

/** So many events nearly always tell what a history is about. */
const headEvents = 1000;

/**
 * Reads a history whose judges follow from what it shows, up to where it is damaged. The forms that they will most
 * likely ask for are filled in the same pass; a wrong guess costs another one. `fit`: the model, where it is known.
 */
export function readSigns(history: HistorySource, fit: ChosenModel | undefined): Signs {
  const signs = signsForm(fit === undefined ? null : new ModelFit(fit));
  const likely = fit === undefined ? formsOfGuess(guessFromHead(history)) : (modelChecker(fit).forms ?? []);
  readForms(history, [operationForm, signs, ...likely]);
  return readingOf(history, signs).held.signs();
}

function formsOfGuess(guess: Guess): readonly Form<unknown>[] {
  if (typeof guess === "string") return modelChecker({ name: guess, options: {} }).forms ?? [];
  return "checker" in guess ? (checkerFor(guess.checker).forms ?? []) : [];
}

function guessFromHead(history: HistorySource): Guess {
  const guess = new ModelGuess();
  let events = 0;
  try {
    for (const event of history) {
      guess.see(event);
      if (++events === headEvents) break;
    }
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
  }
  return guess.model();
}
