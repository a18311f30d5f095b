import { type Clock, nowMs, repeat } from "../time/clock.ts";
import { LiveLines } from "./ui/live-region.ts";
import { canRedraw, painterFor, type TerminalOutput } from "./ui/terminal.ts";
import { untilExit } from "./ui/until-exit.ts";
import { visibleLine } from "./visible.ts";

/** Where progress is printed: nowhere, if the command is to be quiet. */
export function progressOutput(quiet: boolean): StatusOutput {
  return quiet ? { write: () => true, on: () => {}, off: () => {} } : process.stderr;
}

export type StatusOutput = TerminalOutput;

const everyMs = { terminal: 200, elsewhere: 5000 };

/** Disposing of it leaves a terminal with what stays. */
export interface StatusLine extends Disposable {
  /** Shows how far something is: always the last line of a terminal, and now and then a line elsewhere. */
  update(line: () => string): void;
  /** The same for something that begins: a terminal shows it at once, also when the thread is then too busy to draw. */
  begin(line: () => string): void;
  /** Prints a line that stays. */
  say(line: string): void;
}

/**
 * One line about how far something is, kept up to date on a terminal and repeated elsewhere, below what is said
 * meanwhile. Lines may quote names and values of others. On a terminal that takes keys, a second line is about those.
 */
export function statusLine(output: StatusOutput, clock: Clock, keysLine: string | null): StatusLine {
  return canRedraw(output) ? redrawnLine(output, clock, keysLine) : repeatedLine(output, clock);
}

export function redrawnLine(output: StatusOutput, clock: Clock, keysLine: string | null): StatusLine {
  let current: (() => string) | null = null;
  const hint = keysLine === null ? [] : [painterFor(output)("dim", keysLine)];
  const resources = new DisposableStack();
  const region = resources.use(
    new LiveLines(output, () => (current === null ? [] : [visibleLine(current()), ...hint])),
  );
  const draw = (): void => region.draw();
  const { due, stop } = every(everyMs.terminal, clock, draw);
  resources.defer(stop);
  const shown = untilExit(resources);
  return {
    update: (line) => {
      current = line;
      due();
    },
    begin: (line) => {
      current = line;
      draw();
    },
    say: (line) => region.say(visibleLine(line)),
    [Symbol.dispose]: () => shown[Symbol.dispose](),
  };
}

export function repeatedLine(output: StatusOutput, clock: Clock): StatusLine {
  let current: (() => string) | null = null;
  const print = (): void => {
    if (current !== null) output.write(`${visibleLine(current())}\n`);
  };
  const { due, stop } = every(everyMs.elsewhere, clock, print);
  const update = (line: () => string): void => {
    current = line;
    due();
  };
  return {
    update,
    begin: update,
    say: (line) => void output.write(`${visibleLine(line)}\n`),
    [Symbol.dispose]: stop,
  };
}

/** Does something once a period: by a timer, and by `due` for a thread that is too busy for its timers. */
function every(periodMs: number, clock: Clock, act: () => void): { due: () => void; stop: () => void } {
  let actedMs = nowMs(clock);
  const due = (): void => {
    if (nowMs(clock) - actedMs < periodMs) return;
    actedMs = nowMs(clock);
    act();
  };
  return { due, stop: repeat(clock, periodMs, due) };
}
