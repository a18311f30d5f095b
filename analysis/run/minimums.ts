/** What a run has to reach to show anything, where its plan says nothing else. */
export const defaultMinimums = {
  /** The share of the injected faults that were proven to take effect. */
  effectiveShare: 0.5,
  /** The share of the sent operations that were answered, also while faults lasted. */
  answeredShare: 0.1,
} as const;
