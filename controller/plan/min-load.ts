/** Below half of the load that it asked for, a run says too little about the store. */
export const defaultMinLoadShare = 0.5;
