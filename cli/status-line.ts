/** Where progress is told: nowhere, where none is asked for. */
export function progressOutput(quiet: boolean): StatusOutput {
  return quiet ? { write: () => true } : process.stderr;
}

export interface StatusOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const everyMs = { terminal: 200, elsewhere: 10_000 };

export interface StatusLine {
  /** Shows how far something is: always the last line of a terminal, and now and then a line elsewhere. */
  update(line: () => string): void;
  /** Something that stays. */
  say(line: string): void;
  /** Leaves a terminal with what stays. */
  close(): void;
}

/** One line about how far something is, kept up to date on a terminal and repeated elsewhere, below what is said meanwhile. */
export function statusLine(output: StatusOutput, nowMs: () => number): StatusLine {
  const terminal = output.isTTY === true;
  const clear = terminal ? "\r\x1b[K" : "";
  let toldMs = nowMs();
  return {
    update: (line) => {
      if (nowMs() - toldMs < (terminal ? everyMs.terminal : everyMs.elsewhere)) return;
      toldMs = nowMs();
      output.write(terminal ? `${clear}${line()}` : `${line()}\n`);
    },
    say: (line) => void output.write(`${clear}${line}\n`),
    close: () => void output.write(clear),
  };
}
