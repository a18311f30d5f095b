import { crc32 } from "node:zlib";
import type { Index } from "../../core/types.ts";
import { sectorBytes } from "./segment-format.ts";

/** Names one data directory, in 16 hexadecimal digits. Every file in it carries the name, so no file from elsewhere fits. */
export type StoreId = string;

/** How far the log was synced: everything before this place of this segment, with the checksum that ends there. */
export interface SyncedLog {
  readonly sequence: number;
  readonly offset: number;
  readonly chain: number;
}

/** What the node may have promised to others: its files must hold at least this much. */
export interface Promised {
  /** Null: no segment was begun yet. */
  readonly synced: SyncedLog | null;
  /** The entry that the latest snapshot ends with; 0 without one. */
  readonly snapshotIndex: Index;
}

export interface Owner {
  readonly store: StoreId;
  readonly node: string;
}

/**
 * The superblock's file: one sector that names the owner, and two slots of a sector each. Every sector ends with its checksum,
 * and has a block of the disk to itself. The slots are written in turn, so one of them is whole even if a crash tears a block.
 */
const magic = Buffer.from("KHSUPER1", "latin1");
const storeBytes = 8;
export const maxNodeIdBytes = 255;
export const slotCount = 2;
/** No disk writes more than this at once. */
const blockBytes = 4096;
export const superblockBytes = (1 + slotCount) * blockBytes;

export function slotOffset(slot: number): number {
  return (1 + slot) * blockBytes;
}

export function encodeOwner({ store, node }: Owner): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.set(magic);
  sector.write(store, magic.length, "hex");
  sector.writeUInt8(Buffer.byteLength(node), magic.length + storeBytes);
  sector.write(node, magic.length + storeBytes + 1);
  return sealed(sector);
}

/** Null when the sector is damaged, or no superblock of this format. */
export function decodeOwner(sector: Buffer): Owner | null {
  if (!isSealed(sector) || !sector.subarray(0, magic.length).equals(magic)) return null;
  const nodeStart = magic.length + storeBytes + 1;
  return {
    store: sector.toString("hex", magic.length, magic.length + storeBytes),
    node: sector.toString("utf8", nodeStart, nodeStart + sector.readUInt8(nodeStart - 1)),
  };
}

/** `count` grows with every write, and tells which slot is newer. */
export function encodeSlot(count: number, { synced, snapshotIndex }: Promised): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.writeDoubleLE(count, 0);
  sector.writeDoubleLE(snapshotIndex, 8);
  sector.writeUInt32LE(synced?.sequence ?? 0, 16);
  sector.writeUInt32LE(synced?.offset ?? 0, 20);
  sector.writeUInt32LE(synced?.chain ?? 0, 24);
  return sealed(sector);
}

/** Null when the slot is damaged. */
export function decodeSlot(sector: Buffer): { readonly count: number; readonly promised: Promised } | null {
  if (!isSealed(sector)) return null;
  const sequence = sector.readUInt32LE(16);
  const synced = { sequence, offset: sector.readUInt32LE(20), chain: sector.readUInt32LE(24) };
  const promised = { synced: sequence === 0 ? null : synced, snapshotIndex: sector.readDoubleLE(8) };
  return { count: sector.readDoubleLE(0), promised };
}

function sealed(sector: Buffer): Buffer {
  sector.writeUInt32LE(crc32(sector.subarray(0, -4)), sectorBytes - 4);
  return sector;
}

/** A sector of zeros has a checksum that is not zero, so it is not sealed. */
function isSealed(sector: Buffer): boolean {
  return sector.readUInt32LE(sectorBytes - 4) === crc32(sector.subarray(0, -4));
}
