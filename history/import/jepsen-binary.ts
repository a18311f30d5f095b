import { HistoryError } from "../history-error.ts";
import type { ImportFormat } from "./format.ts";

/** Jepsen's `test.jepsen`, blocks of Fressian. It is known, so that what to do instead can be said. */
export const jepsenBinary: ImportFormat = {
  name: "jepsen-binary",
  description: "Jepsen's test.jepsen: not read; analyze history.edn or history.txt, which are beside it",
  recognizes: (head) => head.startsWith("JEPSEN"),
  // biome-ignore lint/correctness/useYield: it refuses every file
  *events(file) {
    throw new HistoryError(
      file,
      0,
      "Jepsen's binary test.jepsen",
      "the history.edn or history.txt that Jepsen writes beside it",
    );
  },
};
