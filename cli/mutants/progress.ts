import { caughtBy, type MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { MatrixProgress } from "../../controller/batch/mutants/matrix.ts";
import { type Clock, nowMs } from "../../time/clock.ts";
import { timeLeft } from "../time-left.ts";

/** What is worth a line of its own while a matrix goes on: what will make it fail. */
export function newsOf(lines: readonly MatrixLine[]): readonly string[] {
  return lines.flatMap((line) => {
    const { id, name, control } = line;
    const accused = `✗ the correct store under the configuration of ${id}, seed ${control.found?.seed}: ${control.found?.summary}`;
    return [
      ...(caughtBy(line) === "no" ? [`✗ ${id} ${name} was missed`] : []),
      ...(control.found === null ? [] : [accused]),
    ];
  });
}

/**
 * How far a matrix is, in a line. The time left is what the rest takes if nothing more is found, as a search ends when it
 * has found what it looks for.
 */
export function matrixProgress(clock: Clock): (soFar: MatrixProgress) => () => string {
  const beganMs = nowMs(clock);
  return ({ mutants, complete, caught, runs, runsLeft, virtualMs }) => {
    const doneMs = nowMs(clock);
    return () => {
      const left = timeLeft({ done: runs, left: runsLeft, beganMs, doneMs, nowMs: nowMs(clock) });
      const virtualSeconds = Math.round(virtualMs / 1000);
      return `${caught} of ${mutants} detected, ${complete} complete, at most ${left} left; ${runs} runs, ${virtualSeconds} virtual seconds`;
    };
  };
}
