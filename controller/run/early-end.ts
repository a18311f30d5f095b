import type { Run } from "./run-context.ts";

/** Records what ends a run early when it comes, not when everything is stopped: the controller may not live to see that. */
export function recordEarlyEnd({ signal: interrupted, recording }: Run, violated: AbortSignal): Disposable {
  const interruption = (): void => {
    const by: unknown = interrupted.reason;
    recording.phase({ phase: "interrupted", ...(typeof by === "string" ? { by } : {}) });
  };
  const violation = (): void => recording.phase({ phase: "violated" });
  if (interrupted.aborted) interruption();
  interrupted.addEventListener("abort", interruption);
  violated.addEventListener("abort", violation);
  return {
    [Symbol.dispose]: () => {
      interrupted.removeEventListener("abort", interruption);
      violated.removeEventListener("abort", violation);
    },
  };
}
