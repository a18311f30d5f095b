import type { Tell } from "../controller/progress.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs something that heals and stops what it started when its signal aborts. The first Ctrl-C or SIGTERM aborts it; a
 * second one, from somebody who will not wait, ends the process at once, and `keelhaul clean` removes what is left.
 */
export async function interruptible<Result>(
  tell: Tell,
  deed: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
    tell({ type: "warning", warning: `${name}: healing, stopping everything, and judging what there is` });
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  try {
    return await deed(controller.signal);
  } finally {
    for (const name of signals) process.off(name, interrupt);
  }
}
