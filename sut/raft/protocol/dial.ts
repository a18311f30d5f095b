import type { Socket } from "node:net";

/** Opens a byte stream to an address, as `connect` of node:net does. */
export type Dial = (to: { readonly host: string; readonly port: number; readonly noDelay: true }) => Socket;
