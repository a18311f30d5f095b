import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How the command ended, and how it left its terminal. */
export interface Ended {
  readonly code: number;
  /** Whether the terminal shows what is typed and turns Ctrl-C into a signal, as a shell expects. */
  readonly cooked: boolean;
  readonly cursorShown: boolean;
}

/** `keelhaul` on a terminal of its own, made by `script` of util-linux. Disposing of it ends what still runs. */
export class PseudoTerminal implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #output = "";
  #heard: () => void = () => {};

  constructor(args: readonly string[], size: TerminalSize, cwd: string, env: NodeJS.ProcessEnv = {}) {
    const { CI: _, ...inherited } = process.env;
    const keelhaul = [process.execPath, command, ...args].map((word) => `'${word}'`).join(" ");
    const line = `stty cols ${size.columns} rows ${size.rows}; ${keelhaul}; code=$?; stty -a; exit $code`;
    this.#child = spawn("script", ["--quiet", "--return", "--flush", "--command", line, "/dev/null"], {
      cwd,
      env: { ...inherited, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
      stdio: ["pipe", "pipe", "inherit"],
      detached: true,
    });
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
      this.#heard();
    });
    this.#ended = new Promise((resolve) => this.#child.on("close", (code) => resolve(code ?? -1)));
  }

  /** All that was written to the terminal. */
  get output(): string {
    return this.#output;
  }

  get text(): string {
    return stripVTControlCharacters(this.#output);
  }

  /** Waits until the command has written something. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) {
      const more = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      const code = await Promise.race([more, this.#ended]);
      if (typeof code === "number" && !pattern.test(this.text)) {
        throw new Error(`ended with ${code} and never showed ${pattern}:\n${this.text}`);
      }
    }
  }

  press(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  async ended(): Promise<Ended> {
    const code = await this.#ended;
    const modes = this.text.slice(this.text.lastIndexOf("speed "));
    return {
      code,
      cooked: [/\sicanon\s/, /\secho\s/, /\sisig\s/].every((mode) => mode.test(modes)),
      cursorShown: this.#output.lastIndexOf("\x1b[?25h") >= this.#output.lastIndexOf("\x1b[?25l"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin!.end();
    if (this.#child.exitCode === null) process.kill(-this.#child.pid!, "SIGTERM");
    await this.#ended;
  }
}
