import cliTruncate from "cli-truncate";
import { type Size, sizeOf, type TerminalOutput } from "./terminal.ts";

/** Control sequences that terminals know, or ignore. */
const control = {
  hideCursor: "\x1b[?25l",
  showCursor: "\x1b[?25h",
  wrapOff: "\x1b[?7l",
  wrapOn: "\x1b[?7h",
  /** A terminal shows what comes between these two at once. */
  beginFrame: "\x1b[?2026h",
  endFrame: "\x1b[?2026l",
  eraseToEndOfLine: "\x1b[K",
  eraseBelow: "\x1b[J",
  home: "\x1b[H",
  enterScreen: "\x1b[?1049h",
  leaveScreen: "\x1b[?1049l",
  up: (rows: number) => (rows > 0 ? `\x1b[${rows}A` : ""),
} as const;

/** What is written to begin, before each frame, and to end. */
interface Place {
  readonly enter: string;
  readonly start: string;
  readonly leave: string;
}

export type Frame = (size: Size) => readonly string[];

/**
 * A part of a terminal that is redrawn in place. Disposing of it erases it, shows the cursor again and ends all drawing.
 * A frame has no more lines than the terminal has rows, and its lines never wrap, so it never scrolls.
 */
class LiveRegion implements Disposable {
  protected readonly output: TerminalOutput;
  readonly #place: Place;
  readonly #frame: Frame;
  readonly #resources = new DisposableStack();
  /** The frame on the terminal; null where there is none. */
  #drawn: string | null = null;

  constructor(output: TerminalOutput, frame: Frame, place: Place) {
    this.output = output;
    this.#frame = frame;
    this.#place = place;
    const drawAnew = (): void => this.drawAnew();
    output.write(`${place.enter}${control.hideCursor}`);
    output.on("resize", drawAnew);
    this.#resources.defer(() => {
      output.off("resize", drawAnew);
      output.write(`${control.showCursor}${place.leave}`);
    });
  }

  /** Shows the frame as it is now; writes nothing when that is on the terminal already. */
  draw(): void {
    if (this.#resources.disposed) return;
    const size = sizeOf(this.output);
    const lines = this.#frame(size)
      .slice(0, size.rows)
      .map((line) => cliTruncate(line, size.columns));
    const frame = lines.join("\r\n");
    if (frame === this.#drawn) return;
    this.#drawn = frame;
    this.output.write(`${control.beginFrame}${this.#place.start}${drawing(lines)}${control.endFrame}`);
  }

  /** The same where the terminal may show something else than the last frame. */
  protected drawAnew(): void {
    this.#drawn = null;
    this.draw();
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/**
 * The whole of a terminal, for a view of many lines. It is the terminal's second screen: what is on that is never broken
 * into lines anew when the terminal becomes narrower, and so cannot leave anything behind. The first screen comes back
 * at the end, as it was.
 */
export class LiveScreen extends LiveRegion {
  constructor(output: TerminalOutput, frame: Frame) {
    super(output, frame, { enter: control.enterScreen, start: control.home, leave: control.leaveScreen });
  }
}

/**
 * The lowest lines of a terminal, for a line or two below what is printed meanwhile. Between frames the cursor waits at
 * the start of the first line: a terminal that becomes narrower may break that line in two or cut it, and does not report
 * which, but what is left of it comes after the cursor either way, and one erasure removes it.
 */
export class LiveLines extends LiveRegion {
  constructor(output: TerminalOutput, frame: Frame) {
    super(output, frame, { enter: "", start: "", leave: control.eraseBelow });
  }

  /** Prints a line that stays, above the region. */
  say(line: string): void {
    this.output.write(`${control.eraseBelow}${line}\r\n`);
    this.drawAnew();
  }
}

/** Erases before it writes: erasing after a line that reaches the right edge would take its last character. */
function drawing(lines: readonly string[]): string {
  const { wrapOff, wrapOn, eraseToEndOfLine, eraseBelow, up } = control;
  const upper = lines.slice(0, -1).map((line) => `${eraseToEndOfLine}${line}\r\n`);
  return `${wrapOff}${upper.join("")}${eraseBelow}${lines.at(-1) ?? ""}\r${up(lines.length - 1)}${wrapOn}`;
}
