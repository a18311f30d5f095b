import type { Entry } from "../core/types.ts";

/** Whether two entries hold the same, as far as is known. Commands may be copies of one another. */
export function sameContent(one: Entry, other: Entry): boolean {
  return one.kind === other.kind && sameCommand(one.command, other.command) && sameMembers(one, other);
}

function sameCommand(one: unknown, other: unknown): boolean {
  if (one === other || one === undefined || other === undefined) return true;
  if (!(one instanceof Uint8Array && other instanceof Uint8Array)) return false;
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function sameMembers({ membership: one }: Entry, { membership: other }: Entry): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
