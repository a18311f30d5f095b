/** How far an analysis is. */
export interface AnalysisProgress {
  /** What it does now, such as `reading the history` or `checking register`. */
  readonly stage: string;
  /** How many events were read in this stage so far. */
  readonly events: number;
}

export type HearProgress = (progress: AnalysisProgress) => void;
