import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import type { HttpRequest } from "../../sut/raft/client/http.ts";

/** The request of each `keelhaul kv` command, from its operands. Operands that are JSON are sent as they were typed. */
export const get = (key: string, readMode: string | undefined): HttpRequest => ({
  method: "GET",
  path: readMode === undefined ? keyPath(key) : `${keyPath(key)}?read=${encodeURIComponent(readMode)}`,
});

export const put = (key?: string, value?: string): HttpRequest => ({
  method: "PUT",
  path: keyPath(key),
  body: json("value", value),
});

export const cas = (key?: string, expected?: string, value?: string): HttpRequest => ({
  method: "POST",
  path: `${keyPath(key)}/cas`,
  body: `{"expected":${json("expected", expected)},"value":${json("value", value)}}`,
});

export const incr = (key?: string, by = "1"): HttpRequest => ({
  method: "POST",
  path: `${keyPath(key)}/incr`,
  body: `{"by":${json("by", by)}}`,
});

export const append = (key?: string, element?: string): HttpRequest => ({
  method: "POST",
  path: `${keyPath(key)}/append`,
  body: json("element", element),
});

export const remove = (key?: string): HttpRequest => ({ method: "DELETE", path: keyPath(key) });

export const transaction = (steps?: string): HttpRequest => ({
  method: "POST",
  path: "/txn",
  body: json("steps", steps),
});

export const status = (): HttpRequest => ({ method: "GET", path: "/status" });

export const members = (): HttpRequest => ({ method: "GET", path: "/members" });

export const addMember = (id?: string, role = "learner"): HttpRequest => ({
  method: "POST",
  path: "/members",
  body: JSON.stringify({ id, role }),
});

export const promote = (id?: string): HttpRequest => ({ method: "POST", path: `${memberPath(id)}/promote` });

export const removeMember = (id?: string): HttpRequest => ({ method: "DELETE", path: memberPath(id) });

export const transfer = (id?: string): HttpRequest => ({
  method: "POST",
  path: "/transfer",
  body: JSON.stringify({ to: id }),
});

/** The operand as it was typed, once it is known to be JSON. */
function json(name: string, text = ""): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new UsageError(`${name}: got ${quote(text)}; expected JSON, such as 1, '"text"' or '{"a":1}'`);
  }
}

function keyPath(key = ""): string {
  if (key === "") throw new UsageError("key: got an empty one; expected at least one character");
  return `/kv/${encodeURIComponent(key)}`;
}

function memberPath(id = ""): string {
  return `/members/${encodeURIComponent(id)}`;
}
