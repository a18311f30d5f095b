import { askOverHttp, type HttpRequest, type HttpTarget } from "../../sut/raft/client/http.ts";

/** What came of it; `not-sent` certainly had no effect. `message` is a sentence for people. */
export type NodeAnswer =
  | { readonly type: "answered"; readonly ok: true; readonly body: unknown; readonly message: string }
  | { readonly type: "answered"; readonly ok: false; readonly code: string; readonly message: string }
  | { readonly type: "not-sent" | "no-answer"; readonly ok: false; readonly message: string };

const neverSent = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"]);

/** Asks one node, and the leader that it names. */
export async function callNode(target: HttpTarget, request: HttpRequest, timeoutMs: number): Promise<NodeAnswer> {
  const { address } = target;
  try {
    const response = await askOverHttp(target, request, timeoutMs);
    return readAnswer(address, response.ok, await response.text());
  } catch (error) {
    return describeFailure(address, timeoutMs, error as Error);
  }
}

function readAnswer(address: string, ok: boolean, text: string): NodeAnswer {
  const body = parseJson(text);
  if (ok && body !== undefined) return { type: "answered", ok, body, message: "" };
  const { code, message } = (body as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  if (!ok && code !== undefined && message !== undefined) return { type: "answered", ok, code, message };
  return { type: "answered", ok: false, code: "not-ours", message: `${address} is no node of a Keelhaul cluster` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something else listens there; the caller says so.
    return undefined;
  }
}

function describeFailure(address: string, timeoutMs: number, error: Error): NodeAnswer {
  if (error.name === "TimeoutError") {
    return { type: "no-answer", ok: false, message: `${address} did not answer within ${timeoutMs} ms` };
  }
  const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
  const type = code !== undefined && neverSent.has(code) ? "not-sent" : "no-answer";
  return { type, ok: false, message: `${address}: ${code ?? message}` };
}
