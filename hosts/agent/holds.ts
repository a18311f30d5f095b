import { messageOf } from "../../errors/errors.ts";
import type { Evidence } from "../../history/annotations.ts";
import { heldByOthers, Shares } from "../shares.ts";
import type { Action, Machine, Target } from "./actions/action.ts";
import { type ActionRequest, actions } from "./actions/registry.ts";

/** An action that is in effect, or was. */
interface Hold {
  readonly request: ActionRequest;
  readonly release: () => void;
  readonly undo: (targets: readonly Target[]) => Promise<readonly Evidence[]>;
  readonly targets: readonly Target[];
  /** Names of the targets among those of the same kind of action. */
  readonly keys: readonly string[];
  state: "in effect" | "healed" | "lapsed";
  /** A lapsed one may be healed as well: that is how its controller hears of it. */
  isHealed: boolean;
}

/** Everything that an agent did to its machine and can undo, by the id that its controller gave it. */
export class Holds {
  readonly #machine: Machine;
  readonly #onProblem: (problem: string) => void;
  readonly #holds = new Map<string, Hold>();
  readonly #shares = new Shares();

  /** `onProblem` hears what could not be undone while no controller waits for the answer. */
  constructor(machine: Machine, onProblem: (problem: string) => void) {
    this.#machine = machine;
    this.#onProblem = onProblem;
  }

  /** An action that fails is undone at once: its controller gets nothing that it could heal. */
  async inject(id: string, request: ActionRequest): Promise<readonly Evidence[]> {
    if (this.#holds.has(id)) throw new Error(`the hold ${id} exists already`);
    const action = actionOf(request);
    const targets = action.targets(request);
    const keys = targets.map((target) => `${request.kind} ${subjectOf(target)}`);
    const release = this.#shares.take(keys);
    const undo = async (free: readonly Target[]) => action.undo(this.#machine, free);
    // Before it is applied: what was applied halfway is undone like the rest.
    this.#holds.set(id, { request, release, undo, targets, keys, state: "in effect", isHealed: false });
    try {
      return await action.apply(this.#machine, request);
    } catch (error) {
      await this.heal(id).catch((reason: unknown) => this.#notUndone(request.kind, reason));
      throw error;
    }
  }

  /** What was not healed, whether or not the lease has undone it. */
  unhealed(): { readonly hold: string; readonly action: ActionRequest }[] {
    const holds = [...this.#holds].filter(([, { isHealed }]) => !isHealed);
    return holds.map(([hold, { request }]) => ({ hold, action: request }));
  }

  /** Undoes the action on all targets that nobody else holds. `lapsed`: the lease had undone it before. */
  async heal(id: string): Promise<{ readonly evidence: Evidence[]; readonly lapsed: boolean }> {
    const hold = this.#holds.get(id);
    if (hold === undefined) throw new Error(`there is no hold ${id}`);
    release(hold, "healed");
    const free = hold.targets.filter((_, place) => !this.#shares.isHeld(hold.keys[place]!));
    const held = hold.targets.filter((target) => !free.includes(target));
    const undone = await hold.undo(free);
    hold.isHealed = true;
    return {
      evidence: [...undone, ...held.map((target) => heldByOthers(subjectOf(target)))],
      lapsed: hold.state === "lapsed",
    };
  }

  /**
   * Undoes everything that is in effect, the latest first, as its controller is gone; whether there was anything. Each kind of
   * action is undone beside the others: a clock takes seconds to catch up, and one that fails must not keep the rest broken.
   */
  async lapse(): Promise<boolean> {
    const inEffect = [...this.#holds.values()].filter(({ state }) => state === "in effect").reverse();
    for (const hold of inEffect) release(hold, "lapsed");
    const kinds = [...Map.groupBy(inEffect, ({ request }) => request.kind)];
    await Promise.all(
      kinds.map(([kind, holds]) => undoTogether(holds).catch((reason: unknown) => this.#notUndone(kind, reason))),
    );
    return inEffect.length > 0;
  }

  #notUndone(kind: ActionRequest["kind"], reason: unknown): void {
    this.#onProblem(`${kind} could not be undone: ${messageOf(reason)}`);
  }
}

/** Undoes holds of one kind, each of their targets once. */
async function undoTogether(holds: readonly Hold[]): Promise<void> {
  const targets = new Map(
    holds.flatMap(({ keys, targets }) => keys.map((key, place) => [key, targets[place]!] as const)),
  );
  await holds[0]!.undo([...targets.values()]);
}

function release(hold: Hold, becomes: "healed" | "lapsed"): void {
  hold.release();
  if (hold.state === "in effect") hold.state = becomes;
}

function subjectOf(target: Target): string {
  return target.join("->");
}

/** The one place where the compiler cannot follow that request and action are of the same kind. */
function actionOf<Request extends ActionRequest>({ kind }: Request): Action<Request> {
  return actions[kind] as unknown as Action<Request>;
}
