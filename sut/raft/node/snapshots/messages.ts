import type { Message } from "../../core/messages.ts";
import type { SnapshotMeta, Term } from "../../core/types.ts";

/**
 * How nodes carry a snapshot over, beside the core's messages (§5.3): the leader offers it, and the follower asks for one
 * piece after another, so that no more than one is on the link, where heartbeats travel too. What a piece belongs to is
 * told by its digest: content of the same digest may come from any node, and a transfer goes on under another leader.
 */
export type SnapshotMessage = SnapshotOffer | SnapshotWanted | SnapshotPiece;

export interface SnapshotOffer {
  readonly type: "snapshot-offer";
  readonly term: Term;
  readonly snapshot: SnapshotMeta;
  /** SHA-256 of the content, in hexadecimal digits. */
  readonly digest: string;
  readonly bytes: number;
}

/** The follower has all before `offset`; when that is the end, it needs no more. */
export interface SnapshotWanted {
  readonly type: "snapshot-wanted";
  readonly digest: string;
  readonly offset: number;
}

export interface SnapshotPiece {
  readonly type: "snapshot-piece";
  readonly digest: string;
  readonly offset: number;
  readonly content: Uint8Array;
}

export function isSnapshotMessage(message: Message | SnapshotMessage): message is SnapshotMessage {
  return message.type === "snapshot-offer" || message.type === "snapshot-wanted" || message.type === "snapshot-piece";
}
