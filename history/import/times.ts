import { type EdnValue, isKind } from "./edn/value.ts";
import { type FieldName, type Fields, field } from "./fields.ts";

const units: readonly (readonly [name: FieldName, ns: bigint])[] = [
  ["time", 1n],
  ["timeUs", 1_000n],
  ["timeMs", 1_000_000n],
];
const nsPerSecond = 1_000_000_000n;
/** Parts of a unit that are kept of a time with a fraction. */
const parts = 1_000_000n;
/** Later than any run lasts: some three years. Such times count from an epoch, those of a run from its first event. */
const latestOfRunNs = 10n ** 17n;

/**
 * The times of another recorder's events as nanoseconds: they are that already, unless their field names another unit.
 * Where the first that is not 0 has a fraction, they are seconds; texts are dates. Times since an epoch count from the
 * first event. One serves a whole file.
 */
export class Times {
  #epochNs: bigint | null = null;
  #areSeconds: boolean | null = null;

  /** Null where there is none: left out, or negative, as Jepsen prints one that is not there. */
  ns(fields: Fields): number | null {
    for (const [name, unitNs] of units) {
      const value = field(fields, name);
      const ns = typeof value === "string" ? dateNs(value) : this.#numberNs(value, unitNs);
      if (ns !== null) return this.sinceFirst(ns);
    }
    return null;
  }

  /** A time as those of a run are. */
  sinceFirst(ns: bigint): number {
    this.#epochNs ??= ns > latestOfRunNs ? ns : 0n;
    return Math.max(0, Number(ns - this.#epochNs));
  }

  #numberNs(value: EdnValue | undefined, unitNs: bigint): bigint | null {
    const number = isKind(value, "double") ? value.value : value;
    if (typeof number === "bigint") return number < 0n ? null : number * unitNs;
    if (typeof number !== "number" || !Number.isFinite(number) || number < 0) return null;
    if (number !== 0) this.#areSeconds ??= !Number.isInteger(number) && unitNs === 1n;
    const inUnits = BigInt(Math.trunc(number)) * parts + BigInt(Math.round((number % 1) * Number(parts)));
    return (inUnits * (this.#areSeconds === true ? nsPerSecond : unitNs)) / parts;
  }
}

function dateNs(text: string): bigint | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n;
}
