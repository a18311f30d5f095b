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
  readonly #holds = new Map<string, Hold>();
  readonly #shares = new Shares();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async inject(id: string, request: ActionRequest): Promise<readonly Evidence[]> {
    if (this.#holds.has(id)) throw new Error(`the hold ${id} exists already`);
    const action = actionOf(request);
    const targets = action.targets(request);
    const keys = targets.map((target) => `${request.kind} ${subjectOf(target)}`);
    const release = this.#shares.take(keys);
    // Before it is applied: what was applied halfway is undone like the rest.
    const undo = (free: readonly Target[]) => action.undo(this.#machine, free);
    this.#holds.set(id, { request, release, undo, targets, keys, state: "in effect", isHealed: false });
    return action.apply(this.#machine, request);
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

  /** Undoes everything that is in effect, as its controller is gone; whether there was anything. */
  async lapse(): Promise<boolean> {
    const inEffect = [...this.#holds.values()].filter(({ state }) => state === "in effect");
    for (const hold of inEffect) release(hold, "lapsed");
    for (const { undo, targets } of inEffect.reverse()) await undo(targets);
    return inEffect.length > 0;
  }
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
