import { type Clock, nowMs, repeat } from "../../time/clock.ts";
import type { Presenter } from "../presenter.ts";
import { withVisibleStrings } from "../visible.ts";
import { LiveScreen } from "./live-region.ts";
import { RunStatus } from "./run-status.ts";
import { runView } from "./run-view.ts";
import { painterFor, type TerminalOutput } from "./terminal.ts";
import { untilExit } from "./until-exit.ts";

export const framesPerSecond = 8;

/** Draws a run on a terminal, redrawn eight times a second however much is reported meanwhile. */
export function showLive(output: TerminalOutput, clock: Clock, takesKeys: boolean): Presenter {
  const status = new RunStatus(nowMs(clock));
  const paint = painterFor(output);
  const resources = new DisposableStack();
  const region = resources.use(
    new LiveScreen(output, (size) => runView({ status, nowMs: nowMs(clock), takesKeys }, size, paint)),
  );
  resources.defer(repeat(clock, 1000 / framesPerSecond, () => region.draw()));
  const shown = untilExit(resources);
  return {
    watched: true,
    tell: (progress) => status.hear(withVisibleStrings(progress), nowMs(clock)),
    [Symbol.dispose]: () => shown[Symbol.dispose](),
  };
}
