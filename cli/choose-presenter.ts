import type { WriteStream } from "node:tty";
import { wallClock } from "../time/clock.ts";
import { plainPresenter } from "./plain.ts";
import type { Presenter } from "./presenter.ts";
import { takesKeys } from "./stop-keys.ts";
import { showLive } from "./ui/live.ts";
import { canRedraw } from "./ui/terminal.ts";

/** Live on a terminal, plain lines elsewhere, nothing when asked to be quiet. All of it goes to stderr. */
export function choosePresenter(flags: { json: boolean; quiet: boolean }, stream: WriteStream): Presenter {
  if (flags.quiet) return { watched: false, tell: () => {}, [Symbol.dispose]: () => {} };
  if (canRedraw(stream) && !flags.json) return showLive(stream, wallClock(), takesKeys(process.stdin));
  return plainPresenter(
    (line) => stream.write(`${line}\n`),
    () => performance.now(),
  );
}
