import type { OperationView, RegisterViolationKind } from "../results.ts";
import { show } from "../words.ts";
import { initialValue } from "./key-history.ts";
import { type Actor, type Clock, precedes, withClock } from "./orders.ts";
import type { StaleRead } from "./staleness.ts";

/** What a sentence is made from. */
export interface Story {
  readonly kind: RegisterViolationKind;
  readonly actors: readonly Actor[];
  readonly stale?: StaleRead;
}

/** The contradiction in one sentence, with node, process, value and seconds since the start. */
export function sentenceFor(story: Story): string {
  const told = withClock((seconds) => tellers[story.kind]({ ...story, seconds }));
  return told ?? `no order of these ${story.actors.length} operations explains all answers`;
}

type Teller = (story: Story & { readonly seconds: Clock }) => string | null;

const tellers: Record<RegisterViolationKind, Teller> = {
  "stale-read": ({ actors, seconds, stale }) => {
    const read = actors.find((actor) => actor.op === stale?.read);
    const newer = actors.find((actor) => actor.op === stale?.newer);
    if (read === undefined || newer === undefined || stale === undefined) return null;
    return `${answered(read, seconds)}, but ${newerSeen(newer, stale, seconds)}: ${staleBy(stale)}`;
  },
  "reads-disagree": ({ actors, seconds }) => {
    const found = bothOrders(actors);
    if (found === null) return null;
    const [a, b, c, d] = found;
    const first = `${did(a)} by ${ended(a, seconds)}, before ${did(b)} from ${began(b, seconds)} on`;
    return `${first}; yet ${did(c)} by ${ended(c, seconds)}, before ${did(d)} from ${began(d, seconds)} on`;
  },
  "future-read": ({ actors, seconds }) => {
    const found = pair(actors, (read, write) => read.observed === write.written && precedes(read, write));
    if (found === null) return null;
    const [read, write] = found;
    const what = isCas(read) ? show(seenValue(read)) : "it";
    const writer = `process ${write.view.process} began to write ${what} at ${began(write, seconds)}`;
    return `${answered(read, seconds)}, before ${writer}`;
  },
  "phantom-read": ({ actors, seconds }) => {
    const found = unexplained(actors);
    return found === undefined ? null : `${answered(found, seconds)}, but nobody wrote ${show(seenValue(found))}`;
  },
  "aborted-read": ({ actors, seconds }) => {
    const found = unexplained(actors);
    const failed = actors.find((actor) => actor.view.outcome === "fail");
    if (found === undefined || failed === undefined) return null;
    const why = failed.view.error === undefined ? "" : ` (${failed.view.error})`;
    const deed = failed.view.f === "cas" ? "cas" : "write";
    return `${answered(found, seconds)}, but the ${deed} of it by process ${failed.view.process} had certainly failed${why}`;
  },
  "double-cas": ({ actors }) => {
    // What one of them compared with may not be needed to refute them, but tells the story.
    const found = pair(actors, (a, b) => isCas(a) && isCas(b) && b.observed !== null && seenValue(a) === seenValue(b));
    if (found === null) return null;
    const seen = seenValue(found[1]);
    const atFirst = seen === null ? "the register was empty" : `the register began with ${show(seen)}`;
    const value = found[1].observed === initialValue ? atFirst : `${show(seen)} was written`;
    return `${did(found[0])} and ${did(found[1])}, but ${value} only once`;
  },
  "cas-cycle": ({ actors }) => {
    const links = actors.filter((actor) => isCas(actor) && actor.observed !== null);
    return `${links.map(did).join(" and ")}: each needs another one to come first`;
  },
  "cas-refused": ({ actors, seconds }) => {
    const refused = actors.find((actor) => actor.view.outcome === "fail");
    if (refused === undefined) return null;
    const before = latest(actors.filter((actor) => precedes(actor, refused)));
    const after = actors.find((actor) => precedes(refused, actor));
    const [old, next] = refused.view.value as [unknown, unknown];
    const deed = `${refused.view.node ?? "the store"} refused to change ${show(old)} to ${show(next)}`;
    const said = `${deed} for process ${refused.view.process} at ${ended(refused, seconds)}`;
    if (before === undefined || after === undefined) return `${said}, but it certainly held ${show(old)} all the while`;
    return `${said}, but it certainly held ${show(old)} from ${ended(before, seconds)} until ${began(after, seconds)}`;
  },
  order: ({ actors, seconds }) => {
    const found = pair(actors, (late, early) => precedes(late, early) && leadsTo(actors, early, late));
    if (found === null) return null;
    const [late, early] = found;
    return `${did(late)} by ${ended(late, seconds)}, but ${did(early)} from ${began(early, seconds)} on, which the values put first`;
  },
};

/** "n2 answered 41 to process 3 at 12.31 s". */
function answered(actor: Actor, seconds: Clock): string {
  const { view } = actor;
  if (view.f === "cas") return `${did(actor)} at ${ended(actor, seconds)}`;
  const value = view.value === null ? "that there is no value" : show(view.value);
  const to = `${value} to process ${view.process} at ${ended(actor, seconds)}`;
  return view.node === undefined
    ? `process ${view.process} read ${show(view.value)} at ${ended(actor, seconds)}`
    : `${view.node} answered ${to}`;
}

function newerSeen(actor: Actor, stale: StaleRead, seconds: Clock): string {
  const { view } = actor;
  const wrote = actor.written === stale.newerValue;
  const value = wrote ? writtenValue(view) : seenValue(actor);
  if (wrote) return `${show(value)} had been acknowledged to process ${view.process} at ${ended(actor, seconds)}`;
  return `process ${view.process} had already seen ${show(value)} at ${ended(actor, seconds)}`;
}

function staleBy({ versions, milliseconds }: StaleRead): string {
  return `at least ${staleness(versions, milliseconds)} stale`;
}

/** "1 version and 412 ms", rounded down: it is a lower bound. */
function staleness(versions: number, milliseconds: number): string {
  const steps = milliseconds >= 10 ? 1 : milliseconds >= 1 ? 10 : 1000;
  return `${versions} ${versions === 1 ? "version" : "versions"} and ${Math.floor(milliseconds * steps) / steps} ms`;
}

/** "process 3 read 41", "process 7 changed 41 to 44 (never answered)". */
function did({ view }: Actor): string {
  const unsure = view.outcome === "info" ? " (outcome unknown)" : "";
  if (view.f === "write") return `process ${view.process} wrote ${show(view.value)}${unsure}`;
  if (view.f !== "cas") return `process ${view.process} read ${show(view.value)}`;
  const [old, next] = view.value as [unknown, unknown];
  return `process ${view.process} changed ${show(old)} to ${show(next)}${unsure}`;
}

function seenValue({ view }: Actor): unknown {
  return view.f === "cas" ? (view.value as [unknown, unknown])[0] : view.value;
}

function writtenValue(view: OperationView): unknown {
  return view.f === "cas" ? (view.value as [unknown, unknown])[1] : view.value;
}

function ended(actor: Actor, seconds: Clock): string {
  return seconds(actor.view.completedAtNs ?? actor.view.invokedAtNs);
}

function began(actor: Actor, seconds: Clock): string {
  return seconds(actor.view.invokedAtNs);
}

function isCas(actor: Actor): boolean {
  return actor.view.f === "cas";
}

function latest(actors: readonly Actor[]): Actor | undefined {
  return actors.reduce<Actor | undefined>(
    (a, b) => (a === undefined || b.completedAt > a.completedAt ? b : a),
    undefined,
  );
}

function pair(actors: readonly Actor[], fits: (a: Actor, b: Actor) => boolean): [Actor, Actor] | null {
  for (const a of actors) for (const b of actors) if (a !== b && fits(a, b)) return [a, b];
  return null;
}

/** The operation that saw a value that none of the others wrote. */
function unexplained(actors: readonly Actor[]): Actor | undefined {
  const written = new Set(actors.map((actor) => actor.written));
  return actors.find(({ observed }) => observed !== null && observed !== initialValue && !written.has(observed));
}

/** a before b, and c before d, where a and d are of one block of values and b and c of another. */
function bothOrders(actors: readonly Actor[]): [Actor, Actor, Actor, Actor] | null {
  const block = blocksOf(actors);
  const ordered = actors.flatMap((a) =>
    actors.filter((b) => precedes(a, b) && block(a) !== block(b)).map((b) => [a, b] as const),
  );
  for (const [a, b] of ordered) {
    const other = ordered.find(([c, d]) => block(c) === block(b) && block(d) === block(a));
    if (other !== undefined) return [a, b, ...other];
  }
  return null;
}

/** Values that a compare-and-set links belong to one block. */
function blocksOf(actors: readonly Actor[]): (actor: Actor) => number {
  const mainValue = (actor: Actor): number => actor.observed ?? actor.written ?? initialValue;
  const root = (value: number): number => {
    const link = actors.find((actor) => actor.written === value && actor.observed !== null);
    return link === undefined ? value : root(link.observed ?? value);
  };
  return (actor) => root(mainValue(actor));
}

/** Whether the values that b stands for come after those of a, by compare-and-sets. */
function leadsTo(actors: readonly Actor[], a: Actor, b: Actor): boolean {
  const target = a.written ?? a.observed;
  let value = b.written === target ? null : (b.observed ?? b.written);
  for (let steps = 0; value !== null && steps <= actors.length; steps++) {
    if (value === target) return true;
    value = actors.find((actor) => actor.written === value)?.observed ?? null;
  }
  return false;
}
