import type { InstallSnapshot, Message } from "../core/messages.ts";
import { type Entry, type LogPosition, type Membership, maxTerm, type SnapshotMeta } from "../core/types.ts";
import { isCommand } from "../protocol/read-request.ts";
import type { SnapshotMessage } from "./snapshots/messages.ts";

/** What travels between nodes. `install-snapshot` does not: a node gives it to its own core when a snapshot has arrived. */
export type PeerMessage = Exclude<Message, InstallSnapshot> | SnapshotMessage;

/** A peer sent what no peer sends. */
export class PeerMessageError extends Error {}

/** The peer's message, once it is known to be one. Throws PeerMessageError, which names the field. */
export function readPeerMessage(value: unknown): PeerMessage {
  if (!isObject(value)) throw new PeerMessageError(`expected a message, got ${describe(value)}`);
  const type = value["type"];
  if (typeof type !== "string" || !Object.hasOwn(messages, type)) {
    throw new PeerMessageError(`there is no message ${describe(type)}`);
  }
  const wrong = wrongField(value, messages[type as PeerMessage["type"]]);
  if (wrong !== null) throw new PeerMessageError(`${type}: ${wrong} is ${describe(value[wrong])}`);
  const message = value as unknown as PeerMessage;
  if (message.type === "append-entries" && !isRun(message)) {
    throw new PeerMessageError("append-entries: the entries do not follow each other, or are newer than the message");
  }
  return message;
}

type Check = (value: unknown) => boolean;
/** A check for every field of the type: one that is added to it, and not here, does not compile. */
type Checks<Fields> = { readonly [Name in keyof Fields]-?: Check };
type Fields<Type extends PeerMessage["type"]> = Extract<PeerMessage, { type: Type }>;

const isBoolean: Check = (value) => typeof value === "boolean";
const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTerm: Check = (value) => isCount(value) && (value as number) <= maxTerm;
const isDigest: Check = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isBytes: Check = (value) => value instanceof Uint8Array;
const isNodes: Check = (value) => Array.isArray(value) && value.every(isText);

const positionChecks: Checks<LogPosition> = { index: isCount, term: isTerm };
const isPosition: Check = (value) => isObject(value) && wrongField(value, positionChecks) === null;

const membershipChecks: Checks<Membership> = {
  incoming: isNodes,
  outgoing: isNodes,
  learners: isNodes,
  learnersNext: isNodes,
  autoLeave: isBoolean,
};
const isMembership: Check = (value) => isObject(value) && wrongField(value, membershipChecks) === null;

const snapshotChecks: Checks<SnapshotMeta> = { ...positionChecks, membership: isMembership };
const isSnapshot: Check = (value) => isObject(value) && wrongField(value, snapshotChecks) === null;

/** By kind: which of the fields that not every entry has belong to it. */
const entryChecks: { readonly [Kind in Entry["kind"]]: Readonly<Record<string, Check>> } = {
  noop: {},
  read: {},
  config: { membership: isMembership },
  command: { command: (value) => value instanceof Uint8Array && isCommand(value) },
};
const commonChecks = { index: isCount, term: isTerm, kind: isText, bytes: isCount };
const checksByKind = new Map(
  Object.entries(entryChecks).map(([kind, own]) => [
    kind,
    { ...commonChecks, ...own } as Readonly<Record<string, Check>>,
  ]),
);
const isEntry: Check = (value) => {
  if (!isObject(value)) return false;
  const checks = checksByKind.get(value["kind"] as string);
  return checks !== undefined && wrongField(value, checks) === null;
};
const isEntries: Check = (value) => Array.isArray(value) && value.every(isEntry);

const messages: { readonly [Type in PeerMessage["type"]]: Checks<Fields<Type>> } = {
  "request-vote": { type: isText, term: isTerm, lastLog: isPosition, transfer: isBoolean },
  "request-vote-reply": { type: isText, term: isTerm, granted: isBoolean },
  "pre-vote": { type: isText, term: isTerm, lastLog: isPosition },
  "pre-vote-reply": { type: isText, term: isTerm, granted: isBoolean },
  "append-entries": {
    ...{ type: isText, term: isTerm, prev: isPosition, entries: isEntries },
    ...{ leaderCommit: isCount, round: isCount },
  },
  "append-accepted": { type: isText, term: isTerm, matchIndex: isCount, round: isCount },
  "append-rejected": {
    ...{ type: isText, term: isTerm, refusedTerm: isTerm, rejectedPrev: isCount, hint: isPosition, round: isCount },
  },
  "timeout-now": { type: isText, term: isTerm },
  "read-index-request": { type: isText, term: isTerm, run: isCount, question: isCount },
  "read-index-reply": { type: isText, term: isTerm, run: isCount, question: isCount, readIndex: isCount },
  "snapshot-offer": { type: isText, term: isTerm, snapshot: isSnapshot, digest: isDigest, bytes: isCount },
  "snapshot-wanted": { type: isText, digest: isDigest, offset: isCount },
  "snapshot-piece": { type: isText, digest: isDigest, offset: isCount, content: isBytes },
};

/** The first field that is not as it should be, is missing or is none of the message's; null: there is none. */
function wrongField(value: Readonly<Record<string, unknown>>, checks: Readonly<Record<string, Check>>): string | null {
  let known = 0;
  for (const name in checks) {
    if (!Object.hasOwn(value, name) || !checks[name]!(value[name])) return name;
    known++;
  }
  const names = Object.keys(value);
  return names.length === known ? null : (names.find((name) => !Object.hasOwn(checks, name)) ?? null);
}

/** Entries follow `prev` and each other, in terms that never decrease and never exceed the message's (§3.5). */
function isRun({ prev, entries, term }: Extract<PeerMessage, { type: "append-entries" }>): boolean {
  let last: LogPosition = prev;
  for (const entry of entries) {
    if (entry.index !== last.index + 1 || entry.term < Math.max(last.term, 1) || entry.term > term) return false;
    last = entry;
  }
  return last.term <= term;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function describe(value: unknown): string {
  const text = value instanceof Uint8Array ? `${value.length} bytes` : (JSON.stringify(value) ?? "missing");
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
