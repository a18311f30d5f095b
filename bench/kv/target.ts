import type { ProtocolName } from "./protocols.ts";

export interface Leader {
  readonly host: string;
  readonly port: number;
  /** Where connections begin with a handshake: whom to greet, and the secret of its cluster. */
  readonly greeted?: { readonly id: string; readonly secret: string };
}

/** A cluster of three nodes that is measured. */
export interface Target {
  readonly protocol: ProtocolName;
  /** Where the present leader answers clients. */
  leader(): Promise<Leader>;
  /** Ends what was started, and removes its files. */
  stop(): Promise<void>;
}
