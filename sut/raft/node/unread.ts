/**
 * So many bytes may wait on one connection for its other end to read them; one that lets more pile up is closed, because
 * memory that it holds is missing to everybody else. Dozens of the largest answers fit.
 */
export const maxUnreadBytes = 64 * 1024 * 1024;

/** Why a connection with more than that is closed. */
export const unreadReason = `more than ${maxUnreadBytes / 1024 / 1024} MiB of answers wait to be read`;
