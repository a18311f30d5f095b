import { type ModelOperation, unknownFunction } from "./model.ts";

/** Who acquires or releases, and the fencing token that an acquire was answered with; null where it is not told. */
export interface Claim {
  readonly owner: string;
  readonly fence: number | null;
}

/**
 * Reads the value of an acquire or a release: the owner alone, `[owner, fence]`, or a map of `client` and `fence`, as
 * Jepsen's test of Hazelcast has it. Null where it names no owner.
 */
export function claimIn(value: unknown): Claim | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return { owner: JSON.stringify(value), fence: null };
  if (Array.isArray(value)) return value.length === 2 ? claimOf(value[0], value[1]) : null;
  const fields = value as Readonly<Record<string, unknown>>;
  return claimOf(fields["client"] ?? fields["owner"], fields["fence"]);
}

function claimOf(owner: unknown, fence: unknown): Claim | null {
  if (owner === null || owner === undefined) return null;
  return { owner: JSON.stringify(owner), fence: Number.isSafeInteger(fence) ? (fence as number) : null };
}

export const lockFunctions: readonly string[] = ["acquire", "release"];

/** Why a lock that knows its owner cannot judge an operation. */
export function ownerObjection(operation: ModelOperation): string | null {
  const unknown = unknownFunction(operation, lockFunctions);
  if (unknown !== null || claimIn(operation.value) !== null) return unknown;
  return `“${operation.f}” does not name its owner in its value`;
}
