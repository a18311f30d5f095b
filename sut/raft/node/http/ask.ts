import type { ReadMode } from "../../core/types.ts";
import type { Json } from "../../kv/commands.ts";
import type { ClientAnswer, EncodedQuestion, Question } from "../../protocol/client-messages.ts";
import { encodeQuestion } from "../../protocol/command-codec.ts";
import { HttpError } from "./http-error.ts";
import { type LeaderAddress, notLeader } from "./not-leader.ts";
import type { Call } from "./router.ts";

export interface AskOptions {
  readonly submit: (question: EncodedQuestion, answer: (answer: ClientAnswer) => void, readMode?: ReadMode) => void;
  readonly timeoutMs: number;
  readonly leaderAddress: LeaderAddress;
}

/** Asks the cluster as a client of the binary protocol would. Throws HttpError for any answer but `ok`. */
export async function ask(options: AskOptions, call: Call, question: Question, readMode?: ReadMode): Promise<Json> {
  const answer = await within<ClientAnswer>(options.timeoutMs, (resolve) =>
    options.submit(encodeQuestion(question), resolve, readMode),
  );
  if (answer.type === "ok") return answer.value;
  throw refusedWith(answer, options.leaderAddress, call);
}

/** The error that an answer other than `ok` is told with. */
export function refusedWith(answer: Refusal, addressOf: LeaderAddress, call: Call): HttpError {
  if (answer.type === "not-leader") return notLeader(answer.leader, addressOf, call);
  if (answer.type === "too-large")
    return new HttpError(
      413,
      answer.type,
      `the request or a value is larger than ${answer.limitBytes} bytes; nothing was changed`,
    );
  const [status, message] = refusals[answer.type];
  return new HttpError(status, answer.type, message);
}

/** The answer, or HttpError 504: what was asked may still happen. */
export function within<T>(timeoutMs: number, begin: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new HttpError(504, "timeout", `no answer within ${timeoutMs} ms; it may still happen`));
    const timer = setTimeout(late, timeoutMs);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

type Refusal = Exclude<ClientAnswer, { type: "ok" }>;

const refusals = {
  "cas-mismatch": [409, "the key holds another value than the expected one"],
  "wrong-type": [409, "the key holds a value of another type: append needs a list, incr a number"],
  "session-expired": [410, "the store has forgotten the session, and did nothing"],
  overloaded: [503, "too much waits for a majority already; it certainly did not happen"],
  transferring: [503, "the leader is handing over to another; ask again"],
  "outcome-unknown": [504, "the leader changed; the operation may or may not have happened"],
} as const satisfies Record<Exclude<Refusal["type"], "not-leader" | "too-large">, readonly [number, string]>;
