import type { RandomStream } from "../../../random/stream.ts";
import { done, type Play } from "../../search/test-support/plays.ts";

/** A play of a container, for one history: every value is put in once, and lies name values that were put in. */
export function putOnce(play: Play, put: string): Play {
  let last = 0;
  return {
    ...play,
    ask: (random: RandomStream, domain: number) => {
      const asked = play.ask(random, domain);
      return asked.f === put ? { ...asked, value: ++last } : asked;
    },
    lie: (random: RandomStream, _domain: number, f: string) => (f === put ? done : random.integer(0, last) || null),
  };
}
