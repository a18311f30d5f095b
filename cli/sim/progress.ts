import type { CampaignTotals, SeedDone, SeedRange } from "../../controller/campaign/campaign.ts";

const everyMs = { terminal: 200, elsewhere: 10_000 };

export interface CampaignProgress {
  done(seed: SeedDone, soFar: CampaignTotals): void;
  /** Something else that is worth a line. */
  say(line: string): void;
  /** Leaves the terminal as lines alone. */
  close(): void;
}

/** One line about how far it is, kept up to date on a terminal and repeated elsewhere; a line for each run that was not valid. */
export function campaignProgress(
  { first, last }: SeedRange,
  output: { readonly isTTY?: boolean; write(text: string): unknown },
  nowMs: () => number,
): CampaignProgress {
  const terminal = output.isTTY === true;
  const beganMs = nowMs();
  let toldMs = beganMs;
  let failed = 0;
  const clear = terminal ? "\r\x1b[K" : "";
  const say = (line: string): void => void output.write(`${clear}${line}\n`);
  return {
    done: ({ seed, trial: { verdict, summary } }, { done, operations, virtualMs }) => {
      if (verdict === "invalid") failed++;
      if (verdict !== "valid") say(`${verdict === "invalid" ? "✗" : "?"} seed ${seed}: ${summary}`);
      if (nowMs() - toldMs < (terminal ? everyMs.terminal : everyMs.elsewhere)) return;
      toldMs = nowMs();
      const speed = Math.round(virtualMs / (toldMs - beganMs));
      const line = `${done} of ${last - first + 1} seeds, ${failed} failed, ${operations} operations, ${speed} virtual seconds a second`;
      output.write(terminal ? `${clear}${line}` : `${line}\n`);
    },
    say,
    close: () => void output.write(clear),
  };
}
