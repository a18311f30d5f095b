/** What came is no frame of ours. The connection that it came on is of no use any more. */
export class FrameError extends Error {}
