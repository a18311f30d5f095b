/** Why a node's process ended, for whoever looks at its exit status. */
export const exitCodes = {
  /** The node broke an invariant of Raft and stopped, instead of doing harm. */
  bug: 70,
  portTaken: 71,
  /** The disk failed, or the log on it is damaged. */
  storage: 74,
  /** There was no room on the disk. Nothing that was acknowledged is lost. */
  diskFull: 75,
  badConfig: 254,
} as const;
