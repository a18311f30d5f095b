import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { HttpError } from "./http-error.ts";

/**
 * Throws HttpError 403 for what a web page elsewhere makes a browser send. Its `Origin` is another site's; and a page whose
 * own name was made to point here (DNS rebinding) asks under that name: an address needs no name to be looked up.
 */
export function refuseForeign({ headers }: IncomingMessage, ownNames: ReadonlySet<string>): void {
  const { host, origin } = headers;
  const name = host === undefined ? null : hostnameIn(`http://${host}`);
  if (name === null || !(isAddress(name) || name === "localhost" || ownNames.has(name))) {
    const known = ["an IP address", "localhost", ...ownNames].join(", ");
    throw new HttpError(403, "foreign-host", `Host is ${host ?? "missing"}; expected one of ${known}`);
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new HttpError(403, "foreign-origin", `Origin is ${origin}; pages of other sites may not use this node`);
  }
}

function hostnameIn(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}
