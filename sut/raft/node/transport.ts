import type { Message } from "../core/messages.ts";
import type { NodeId } from "../core/types.ts";
import { encodeFrame } from "../protocol/frames.ts";
import { PeerLink } from "./peer-link.ts";
import type { SnapshotMessage } from "./snapshots/messages.ts";

export interface Transport {
  send(to: NodeId, message: Message | SnapshotMessage): void;
  tick(): void;
  close(): void;
  /** Messages that were not sent, because the link was down or full. */
  dropped(): number;
}

export interface LinksOptions {
  readonly id: NodeId;
  readonly peers: Readonly<Record<NodeId, { readonly host: string; readonly port: number }>>;
  readonly stallMs: number;
  readonly pingMs: number;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly onChange: (peer: NodeId, up: boolean) => void;
  readonly onRefused: (reason: string) => void;
}

/** One outgoing link for each peer. Messages may be lost, and never arrive on a connection that was replaced. */
export function openLinks(secret: string, options: LinksOptions): Transport {
  const { id: from, peers, stallMs, pingMs, nowMs, random, onRefused } = options;
  const links = new Map<NodeId, PeerLink>();
  for (const [to, endpoint] of Object.entries(peers)) {
    const onChange = (up: boolean) => options.onChange(to, up);
    links.set(to, new PeerLink({ from, to, secret, endpoint, stallMs, pingMs, nowMs, random, onChange, onRefused }));
  }
  return {
    send: (to, message) => links.get(to)?.send(encodeFrame(message)),
    tick: () => {
      for (const link of links.values()) link.tick();
    },
    dropped: () => [...links.values()].reduce((sum, link) => sum + link.dropped, 0),
    close: () => {
      for (const link of links.values()) link.close();
    },
  };
}
