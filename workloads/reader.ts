/** Every so many clients, one only reads. */
const readerEvery = 4;

/**
 * Whether a process's client only reads, in workloads where the others change things too: a client that writes to a
 * deposed leader waits for an answer that never comes, and somebody must go on reading there to see whether it still
 * answers.
 */
export function onlyReads(process: number, concurrency: number): boolean {
  return (process % concurrency) % readerEvery === 0;
}
