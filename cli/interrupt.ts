const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs something that heals and stops what it started when its signal aborts. The first Ctrl-C or SIGTERM aborts it; a
 * second one, from somebody who will not wait, ends the process at once, and `keelhaul clean` removes what is left.
 * `onInterrupt` is told of the first; `deed` may interrupt itself, for a terminal where Ctrl-C is a key like others.
 */
export async function interruptible<Result>(
  onInterrupt: (name: NodeJS.Signals) => void,
  deed: (signal: AbortSignal, interrupt: () => void) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
    onInterrupt(name);
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  try {
    return await deed(controller.signal, () => interrupt("SIGINT"));
  } finally {
    for (const name of signals) process.off(name, interrupt);
  }
}
