import { HistoryError } from "../../history/history-error.ts";
import { StoredHistory } from "../../history/reader.ts";
import type { HistorySource } from "../checker.ts";
import type { Form } from "./form.ts";
import { Pass } from "./pass.ts";

/** A form of a history as far as it can be read, and what stopped the reading. */
export interface Reading<Held> {
  readonly held: Held;
  readonly damage: HistoryError | null;
}

const known = new WeakMap<HistorySource, Map<Form<unknown>, Reading<unknown>>>();

/** Reads a history once for all of the forms; they are kept as long as the history is. */
export function readForms(history: HistorySource, forms: readonly Form<unknown>[]): void {
  const readings = known.get(history) ?? new Map<Form<unknown>, Reading<unknown>>();
  known.set(history, readings);
  const missing = [...new Set(forms)].filter((form) => !readings.has(form));
  if (missing.length === 0) return;
  const fillings = missing.map((form) => form.begin());
  const damage = damageIn(() => fill(history, new Pass(nameOf(history), fillings)));
  for (const [place, form] of missing.entries()) readings.set(form, { held: fillings[place]!.held, damage });
}

/** The form of a history up to where that is damaged, for those who show what there is. */
export function readingOf<Held>(history: HistorySource, form: Form<Held>): Reading<Held> {
  readForms(history, [form]);
  return known.get(history)!.get(form) as Reading<Held>; // stored under its own form
}

/** The form of a history. Throws HistoryError on one that is damaged or that cannot have been recorded. */
export function formOf<Held>(history: HistorySource, form: Form<Held>): Held {
  const { held, damage } = readingOf(history, form);
  if (damage !== null) throw damage;
  return held;
}

/** From the lines of a stored history: canonical lines as bytes, others through JSON.parse. Else event by event. */
function fill(history: HistorySource, pass: Pass): void {
  if (history instanceof StoredHistory) {
    history.scan(pass.scanners, pass);
    return;
  }
  let line = 0;
  for (const event of history) pass.event(event, ++line);
}

/** What messages call a history. */
export function nameOf(history: HistorySource): string {
  return history instanceof StoredHistory ? history.name : "history";
}

function damageIn(read: () => void): HistoryError | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
}
