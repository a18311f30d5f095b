import { createHmac } from "node:crypto";

/**
 * What requests to the HTTP port of a node must bring. It follows from the cluster's secret and does not reveal it: a
 * program that knows only the token cannot get into the peer and client ports.
 */
export function httpToken(secret: string): string {
  return createHmac("sha256", secret).update("keelhaul http").digest("hex");
}
