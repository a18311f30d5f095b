import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { httpToken } from "../../protocol/http-token.ts";
import { HttpError } from "./http-error.ts";

const whereToGetIt =
  'expected "Bearer TOKEN", as in the http-token file of `keelhaul cluster`; docs/http.md says how to derive it';
/** A stranger keeps no connection, and nobody reads the rest of what it sends. */
const headers = { "www-authenticate": "Bearer", connection: "close" };

/** A function that throws HttpError 401 for a request without the token of this cluster. */
export function authorization(secret: string): (request: IncomingMessage) => void {
  const expected = digest(`Bearer ${httpToken(secret)}`);
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) throw unauthorized("Authorization is missing");
    // Digests have one length, so the comparison takes the same time whatever was sent.
    if (!timingSafeEqual(digest(authorization), expected)) throw unauthorized("Authorization has another token");
  };
}

function unauthorized(what: string): HttpError {
  return new HttpError(401, "unauthorized", `${what}; ${whereToGetIt}`, headers);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
