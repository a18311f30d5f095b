import type { Plan } from "../controller/plan/plan.ts";
import { choosePresenter } from "./choose-presenter.ts";
import { interruptible } from "./interrupt.ts";
import type { Outcome } from "./outcome.ts";
import { runAndReport } from "./run-and-report.ts";
import { stopKeys } from "./stop-keys.ts";

const interruptionSays = {
  first: "healing, stopping everything, and judging what there is",
  second: "healing and stopping everything; judge the history later with keelhaul analyze",
};

export interface Shown {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The run, with its progress shown until it is over. */
export async function runShown(plan: Plan, flags: Shown): Promise<Outcome> {
  using presenter = choosePresenter(flags, process.stderr);
  const { tell, watched } = presenter;
  const say = (warning: string) => tell({ type: "warning", warning });
  return await interruptible(interruptionSays, say, async ({ signal, hurry, interrupt }) => {
    using _keys = stopKeys(flags.quiet || flags.json, interrupt);
    return await runAndReport(plan, { signal, hurry, tell, watched, startedAt: new Date() });
  });
}
