import type { Interruption } from "./interrupt.ts";
import { readKeys } from "./ui/key-input.ts";
import { canRedraw, isInForeground } from "./ui/terminal.ts";
import { untilExit } from "./ui/until-exit.ts";

/** Whether keys can be read one by one. */
export function takesKeys(input: { readonly isTTY?: boolean }): boolean {
  return input.isTTY === true && isInForeground();
}

/**
 * Where progress is shown on a terminal, `q` and Ctrl-C interrupt a command until this is disposed of. Ctrl-C counts each
 * time, as its signal does; `q` once, however long it is held down.
 */
export function stopKeys(quiet: boolean, interrupt: Interruption["interrupt"]): Disposable {
  if (quiet || !canRedraw(process.stderr) || !takesKeys(process.stdin)) return new DisposableStack();
  let interrupted = false;
  const hear = (key: string): void => {
    if (key !== "ctrl-c" && (key !== "q" || interrupted)) return;
    interrupted = true;
    interrupt(key === "q" ? "q" : "Ctrl-C");
  };
  return untilExit(readKeys(process.stdin, hear));
}
