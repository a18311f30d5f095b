import type { WriteStream } from "node:tty";
import { render } from "ink";
import type { Progress } from "../../controller/run/progress.ts";
import type { Presenter } from "../presenter.ts";
import { RunView } from "./run-view.tsx";
import { advance, initialStatus, type RunStatus } from "./status.ts";

const framesPerSecond = 8;

/** Draws a run on a terminal, redrawn eight times a second whatever is told meanwhile. */
export function showLive(stream: WriteStream): Presenter {
  let status: RunStatus = initialStatus;
  const view = () => <RunView status={status} nowMs={performance.now()} />;
  const app = render(view(), { stdout: stream, exitOnCtrlC: false, patchConsole: false });
  const timer = setInterval(() => app.rerender(view()), 1000 / framesPerSecond);
  return {
    watched: true,
    tell: (progress: Progress) => {
      status = advance(status, progress, performance.now());
    },
    close: async () => {
      clearInterval(timer);
      app.rerender(view());
      app.unmount();
      await app.waitUntilExit();
    },
  };
}
