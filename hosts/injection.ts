// Programs that use the library may compile for a release of JavaScript without `await using`.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Evidence } from "../history/annotations.ts";

/** What an injection broke, until it heals: `await using` heals it at the end of its scope. */
export interface Injection extends AsyncDisposable {
  /** What shows that it took effect; empty when nothing does. */
  readonly evidence: readonly Evidence[];
  /**
   * Undoes it, and shows that its targets work again. A target that another injection still holds stays broken until that
   * one heals too. A further call tries again what the last one could not show.
   */
  heal(): Promise<readonly Evidence[]>;
}

/** An injection made of its evidence and of how it heals. */
export function injection(evidence: readonly Evidence[], heal: Injection["heal"]): Injection {
  return { evidence, heal, [Symbol.asyncDispose]: async () => void (await heal()) };
}

/** Several injections as one. When one of them fails, the others are healed before the failure is thrown. */
export async function together(making: readonly Promise<Injection>[]): Promise<Injection> {
  const settled = await Promise.allSettled(making);
  const made = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const healAll = async () => (await Promise.all(made.map((one) => one.heal()))).flat();
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await healAll();
    throw failed.reason;
  }
  return injection(
    made.flatMap(({ evidence }) => evidence),
    healAll,
  );
}
