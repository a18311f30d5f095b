import type { ProtocolName } from "./protocols.ts";

/** A cluster of three nodes that is measured. */
export interface Target {
  readonly protocol: ProtocolName;
  /** Where the present leader answers clients. */
  leader(): Promise<{ readonly host: string; readonly port: number }>;
  /** Ends what was started, and removes its files. */
  stop(): Promise<void>;
}
