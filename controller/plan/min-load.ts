/** Below half of the load that it asked for, a run says too little about the store. */
export const defaultMinLoadShare = 0.5;

/**
 * For settings that were not chosen for their load, but drawn, or made to expose a bug: in such a world few clients may always
 * wait for answers, which is as much load as they can make.
 */
export const sparseMinLoadShare = 0.1;
