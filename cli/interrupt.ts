const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type SignalName = keyof typeof signals;

/** Keys of a terminal that stop a command. */
export type StopKey = "q" | "Ctrl-C";

/** How a command that started something hears that it is to stop. */
export interface Interruption {
  /** Aborted by the first signal or key, with its name: heal, stop everything, and judge what there is. */
  readonly signal: AbortSignal;
  /** Aborted by the second one: heal and stop everything, and do nothing else. */
  readonly hurry: AbortSignal;
  /** Interrupts as SIGINT does, and names the key: while keys are read, Ctrl-C sends no signal. */
  readonly interrupt: (by: StopKey) => void;
}

/** For commands that have nothing to heal. */
export const stopping = { first: "stopping", second: "still stopping; press again to exit at once" };

/** npm hands a Ctrl-C on to a process that has had it from the terminal already: within this time it is the same one. */
const sameMs = 500;

/**
 * Runs something that heals and stops what it started when it is interrupted: by Ctrl-C, SIGTERM, or a terminal that is
 * closed. A third signal ends the process at once, and `keelhaul clean` removes what is left. `say` gets a line at the
 * first two. A closed terminal hurries nothing: shell and kernel both report it, and nobody waits there.
 */
export async function interruptible<Result>(
  says: { readonly first: string; readonly second: string },
  say: (line: string) => void,
  task: (interruption: Interruption) => Promise<Result>,
  nowMs: () => number = () => performance.now(),
): Promise<Result> {
  const first = new AbortController();
  const second = new AbortController();
  let lastMs = Number.NEGATIVE_INFINITY;
  const interrupt = (name: SignalName, by: SignalName | StopKey = name): void => {
    if (first.signal.aborted && (name === "SIGHUP" || nowMs() - lastMs < sameMs)) return;
    lastMs = nowMs();
    if (second.signal.aborted) process.exit(signals[name]);
    const [controller, what] = first.signal.aborted ? [second, says.second] : [first, says.first];
    say(`${by}: ${what}`);
    controller.abort(by);
  };
  const names = Object.keys(signals) as SignalName[];
  const hear = (name: SignalName): void => interrupt(name);
  for (const name of names) process.on(name, hear);
  try {
    return await task({ signal: first.signal, hurry: second.signal, interrupt: (by) => interrupt("SIGINT", by) });
  } finally {
    for (const name of names) process.off(name, hear);
  }
}
