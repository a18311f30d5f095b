import type { HistoryEvent } from "../../../history/event.ts";
import type { RandomStream } from "../../../random/stream.ts";
import { done, type Play, refused } from "./plays.ts";

/** An operation as clients saw it, with no bookkeeping. */
export interface SeenOperation {
  f: string;
  asked: unknown;
  /** Undefined: no answer, so it may have happened or not. */
  answer: unknown;
  inv: number;
  ret: number;
}

export interface ObjectShape {
  readonly operations: number;
  readonly clients: number;
  readonly info: number;
  readonly domain: number;
}

/** Clients of one object. Each operation takes effect at an instant between its two times, so it is linearizable. */
export function playHistory(play: Play, random: RandomStream, shape: ObjectShape): SeenOperation[] {
  const clock = Array.from({ length: shape.clients }, () => random.integer(0, 999));
  const planned = Array.from({ length: shape.operations }, () => {
    const client = random.integer(0, shape.clients - 1);
    const inv = clock[client]! + random.integer(1, 999);
    const ret = inv + random.integer(1, 2000);
    clock[client] = ret;
    return { inv, ret, instant: inv + random.fraction() * (ret - inv) };
  });
  let state = play.init;
  return planned
    .sort((a, b) => a.instant - b.instant)
    .flatMap(({ inv, ret }): SeenOperation[] => {
      const { f, value } = play.ask(random, shape.domain);
      const unanswered = random.fraction() < shape.info;
      const seen = { f, asked: value, answer: undefined as unknown, inv, ret };
      const outcomes = play.outcomes(state, f, value);
      if (outcomes.length === 0) return unanswered ? [seen] : [];
      const outcome = random.pick(outcomes);
      if (unanswered && random.integer(0, 1) === 0) return [seen];
      state = outcome.state;
      return [unanswered ? seen : { ...seen, answer: outcome.answer }];
    });
}

/** Changes an answer, swaps two, or moves an operation in time: the oracle judges what comes out. */
export function distort(play: Play, random: RandomStream, operations: SeenOperation[], domain: number): void {
  if (operations.length === 0) return;
  const victim = random.pick(operations);
  const kind = random.integer(0, 3);
  if (kind === 0 && victim.answer !== undefined) victim.answer = play.lie(random, domain, victim.f, victim.asked);
  else if (kind === 1 && victim.f !== "txn") {
    const other = random.pick(operations.filter(({ f }) => f === victim.f));
    [victim.answer, other.answer] = [other.answer, victim.answer];
  } else if (kind === 2) {
    const shift = random.integer(-1500, 1500);
    victim.inv = Math.max(0, victim.inv + shift);
    victim.ret = Math.max(victim.inv + 1, victim.ret + shift);
  } else operations.splice(operations.indexOf(victim), 1);
}

/** The history of it; every operation is a process of its own. */
export function eventsOf(operations: readonly SeenOperation[], key = "x"): HistoryEvent[] {
  const events = operations.flatMap(({ f, asked, answer, inv, ret }, process) => {
    const common = { process, f, ...(f === "txn" ? {} : { key }) };
    const completion =
      answer === undefined
        ? { type: "info" as const, value: asked, error: "timeout" }
        : answer === refused
          ? { type: "fail" as const, value: asked, error: "cas-mismatch" }
          : { type: "ok" as const, value: answer === done ? asked : answer };
    return [
      { ...common, time: inv, order: 0, type: "invoke" as const, value: asked },
      { ...common, time: ret, order: 1, ...completion },
    ];
  });
  events.sort((a, b) => a.time - b.time || a.order - b.order || a.process - b.process);
  return events.map(({ order: _, ...event }, index) => ({ index, ...event }));
}

/** Whether some order explains the operations: all orders are tried, with the play's own idea of the object. */
export function oracleAccepts(play: Play, operations: readonly SeenOperation[]): boolean {
  const mustHappen = operations.reduce((set, { answer }, i) => (answer === undefined ? set : set | (1 << i)), 0);
  const texts = operations.map(({ answer }) => (answer === undefined ? undefined : JSON.stringify(answer)));
  const deadEnds = new Set<string>();
  const search = (done: number, state: unknown): boolean => {
    if ((done & mustHappen) === mustHappen) return true;
    const here = `${done} ${JSON.stringify(state)}`;
    if (deadEnds.has(here)) return false;
    deadEnds.add(here);
    return operations.some((operation, i) => {
      if ((done & (1 << i)) !== 0) return false;
      const overdue = operations.some((other, j) => {
        return (done & (1 << j)) === 0 && other.answer !== undefined && other.ret < operation.inv;
      });
      if (overdue) return false;
      return play.outcomes(state, operation.f, operation.asked, operation.answer).some(({ answer, state: next }) => {
        const fits = texts[i] === undefined || JSON.stringify(answer) === texts[i];
        return fits && search(done | (1 << i), next);
      });
    });
  };
  return search(0, play.init);
}
