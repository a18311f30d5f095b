import { EventEmitter } from "node:events";
import xterm from "@xterm/headless";
import type { TerminalOutput } from "../terminal.ts";

/** A terminal in memory: what was written to it, as its user sees it. */
export class EmulatedTerminal implements TerminalOutput {
  readonly isTTY = true;
  readonly #events = new EventEmitter();
  readonly #terminal: xterm.Terminal;
  writes = 0;

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  get listeners(): number {
    return this.#events.listenerCount("resize");
  }

  write(text: string): void {
    this.writes++;
    this.#terminal.write(text);
  }

  on(event: "resize", hear: () => void): void {
    this.#events.on(event, hear);
  }

  off(event: "resize", hear: () => void): void {
    this.#events.off(event, hear);
  }

  /** What is on the screen is broken into lines anew before the program hears of the new size, as on real terminals. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#written();
    this.#terminal.resize(columns, rows);
    this.#events.emit("resize");
  }

  /** All lines, from the first that has scrolled away to the last that is not blank. */
  async lines(): Promise<readonly string[]> {
    await this.#written();
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? "");
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }

  async scrolledLines(): Promise<number> {
    await this.#written();
    return this.#terminal.buffer.active.baseY;
  }

  #written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write("", resolve));
  }
}
