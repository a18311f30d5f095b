import type { WriteStream } from "node:tty";
import { plainPresenter } from "./plain.ts";
import type { Presenter } from "./presenter.ts";

/** Live on a terminal, plain lines elsewhere, nothing when asked to be quiet. All of it goes to stderr. */
export function choosePresenter(flags: { json: boolean; quiet: boolean }, stream: WriteStream): Presenter {
  if (flags.quiet) return { watched: false, tell: () => {}, close: async () => {} };
  if (stream.isTTY && !flags.json && process.env["CI"] === undefined) return livePresenter(stream);
  return plainPresenter(
    (line) => stream.write(`${line}\n`),
    () => performance.now(),
  );
}

/** Ink is loaded only where there is a terminal to draw on: it takes a moment. */
function livePresenter(stream: WriteStream): Presenter {
  const loading = import("./ui/live.tsx").then(({ showLive }) => showLive(stream));
  return {
    watched: true,
    tell: (progress) => void loading.then((live) => live.tell(progress)),
    close: async () => (await loading).close(),
  };
}
