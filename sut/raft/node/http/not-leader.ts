import type { NodeId } from "../../core/types.ts";
import { HttpError } from "./http-error.ts";
import type { Call } from "./router.ts";

/** Where clients reach the HTTP port of a node, such as `127.0.0.1:7103`; undefined when this node was not told. */
export type LeaderAddress = (node: NodeId) => string | undefined;

/** What a node says that does not lead: 307 to the leader, 421 when its address is unknown, 503 when there is none. */
export function notLeader(leader: NodeId | null, addressOf: LeaderAddress, { request }: Call): HttpError {
  if (leader === null) return new HttpError(503, "no-leader", "no leader is known at the moment");
  const address = addressOf(leader);
  if (address === undefined) return new HttpError(421, "not-leader", `${leader} leads; its address is not known here`);
  return new HttpError(307, "not-leader", `${leader} leads`, { location: `http://${address}${request.url}` });
}
