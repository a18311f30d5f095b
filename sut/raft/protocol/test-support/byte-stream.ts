import { Duplex } from "node:stream";

/** What happens in one direction of a stream, after so many bytes of it. */
export interface Fate {
  readonly what: "split" | "reset";
  readonly afterBytes: number;
}

/** One end of a byte stream in memory. What is written arrives in a later turn; a reset takes both ends. */
export class End extends Duplex {
  other: End | null = null;
  sentBytes = 0;
  readonly #fates: Fate[];

  /** What happens to what this end sends, by the bytes after which it does. */
  constructor(fates: readonly Fate[]) {
    super();
    this.#fates = fates.toSorted((one, another) => one.afterBytes - another.afterBytes);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    let rest = chunk;
    for (let fate = this.#next(rest); fate !== undefined; fate = this.#next(rest)) {
      const at = fate.afterBytes - this.sentBytes;
      this.#deliver(rest.subarray(0, at));
      rest = rest.subarray(at);
      this.sentBytes += at;
      if (fate.what === "split") continue;
      setImmediate(() => this.destroy());
      done();
      return;
    }
    this.sentBytes += rest.length;
    this.#deliver(rest);
    done();
  }

  override _destroy(cause: Error | null, done: (cause: Error | null) => void): void {
    const { other } = this;
    this.other = null;
    setImmediate(() => other?.destroy());
    done(cause);
  }

  setTimeout(): this {
    return this;
  }

  #next(rest: Buffer): Fate | undefined {
    const [fate] = this.#fates;
    return fate !== undefined && fate.afterBytes < this.sentBytes + rest.length ? this.#fates.shift() : undefined;
  }

  #deliver(bytes: Buffer): void {
    const { other } = this;
    setImmediate(() => {
      if (bytes.length > 0 && other?.destroyed === false) other.push(bytes);
    });
  }
}

/** Both ends of a stream, with what happens to what each of them sends. */
export function openStream(there: readonly Fate[], back: readonly Fate[]): [near: End, far: End] {
  const [near, far] = [new End(there), new End(back)];
  near.other = far;
  far.other = near;
  return [near, far];
}
