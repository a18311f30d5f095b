import fc from "fast-check";
import { expect, test } from "vitest";
import type { KvCommand, LogCommand } from "./commands.ts";
import { type KvRules, kvRules } from "./rules.ts";
import { defaultKvLimits, KvStore } from "./store.ts";
import { keys, kvCommand } from "./test-commands.ts";

const incr: KvCommand = { type: "incr", key: "n", by: 1 };
const once = (session: number, sequence: number, command: KvCommand = incr): LogCommand => ({
  type: "once",
  session,
  sequence,
  command,
});
const storeWith = (changed: Partial<KvRules>) => new KvStore(defaultKvLimits, { ...kvRules, ...changed });

function restored(store: KvStore, rules: KvRules): KvStore {
  const copy = new KvStore(defaultKvLimits, rules);
  const reader = copy.restore();
  const snapshot = store.beginSnapshot();
  for (let piece = snapshot.next(64); piece !== null; piece = snapshot.next(64)) reader.push(piece);
  reader.finish();
  return copy;
}

test("isNewNumber (§6.3): a repeated command is answered from the table; without the rule it counts twice", () => {
  expect([1, 2, 3].map((sequence) => kvRules.isNewNumber(sequence, 2))).toEqual([false, false, true]);
  const counts = [kvRules, { ...kvRules, isNewNumber: () => true }].map((rules) => {
    const store = storeWith(rules);
    store.apply({ type: "open-session" });
    store.apply(once(1, 1));
    return store.apply(once(1, 1));
  });
  expect(counts).toEqual([
    { type: "ok", value: 1 },
    { type: "ok", value: 2 },
  ]);
});

test("keepsAnswer (§6.3): a node that only followed knows the answer; without the rule it counts twice", () => {
  const counts = [kvRules, { ...kvRules, keepsAnswer: (proposedHere: boolean) => proposedHere }].map((rules) => {
    const [leader, follower] = [storeWith(rules), storeWith(rules)];
    for (const store of [leader, follower]) {
      store.apply({ type: "open-session" }, store === leader);
      store.apply(once(1, 1), store === leader);
    }
    return follower.apply(once(1, 1), true);
  });
  expect(counts).toEqual([
    { type: "ok", value: 1 },
    { type: "ok", value: 2 },
  ]);
});

test("snapshotHoldsSessions (§6.3): a restored node knows what was done; without the rule it does not", () => {
  const answers = [kvRules, { ...kvRules, snapshotHoldsSessions: () => false }].map((rules) => {
    const store = storeWith(rules);
    store.apply({ type: "open-session" });
    store.apply(once(1, 1));
    return restored(store, rules).apply(once(1, 1));
  });
  expect(answers).toEqual([{ type: "ok", value: 1 }, { type: "session-expired" }]);
});

test("carriedOut (§2.1): every node does the same; what looks at who asked makes copies differ", () => {
  const cas: KvCommand = { type: "cas", key: "k", expected: 1, value: 2 };
  const asPut = (command: KvCommand, proposedHere: boolean): KvCommand =>
    command.type === "cas" && !proposedHere ? { type: "put", key: command.key, value: command.value } : command;
  const values = [kvRules, { ...kvRules, carriedOut: asPut }].map((rules) =>
    [true, false].map((proposedHere) => {
      const store = storeWith(rules);
      store.apply(cas, proposedHere);
      return store.get("k");
    }),
  );
  expect(values).toEqual([
    [null, null],
    [null, 2],
  ]);
});

test("what failed is answered alike again, though it would not fail any more", () => {
  const store = new KvStore();
  store.apply({ type: "open-session" });
  const cas: KvCommand = { type: "cas", key: "n", expected: 1, value: 2 };
  expect(store.apply(once(1, 1, cas))).toEqual({ type: "cas-mismatch" });
  store.apply({ type: "put", key: "n", value: 1 });
  expect(store.apply(once(1, 1, cas))).toEqual({ type: "cas-mismatch" });
});

test("a number that the session left behind is neither carried out nor answered", () => {
  const store = new KvStore();
  store.apply({ type: "open-session" });
  store.apply(once(1, 2));
  expect(store.apply(once(1, 1))).toEqual({ type: "session-expired" });
  expect(store.get("n")).toBe(1);
});

test("beyond maxSessions the one that was used least recently is forgotten, and its commands are refused", () => {
  const store = new KvStore({ ...defaultKvLimits, maxSessions: 2 });
  const opened = [1, 2].map(() => store.apply({ type: "open-session" }));
  store.apply(once(1, 1));
  opened.push(store.apply({ type: "open-session" }));
  expect(opened).toEqual([1, 2, 3].map((value) => ({ type: "ok", value })));
  expect([1, 2, 3].map((session) => store.apply(once(session, 2)).type)).toEqual(["ok", "session-expired", "ok"]);
  expect(store.get("n")).toBe(3);
});

test("however often each is sent, a client's commands are carried out once, and all answers are the first's", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(kvCommand, fc.integer({ min: 1, max: 3 }))), (commands) => {
      const [store, plain] = [new KvStore(), new KvStore()];
      store.apply({ type: "open-session" });
      commands.forEach(([command, times], i) => {
        const expected = plain.apply(command);
        for (let n = 0; n < times; n++) expect(store.apply(once(1, i + 1, command))).toEqual(expected);
      });
      for (const key of keys) expect(store.get(key)).toEqual(plain.get(key));
    }),
  );
});

/** A store that remembers two sessions, with a third one opened behind them; and what was restored from it. */
function crowded(changed: Partial<KvRules>): { readonly store: KvStore; readonly copy: KvStore } {
  const rules = { ...kvRules, ...changed };
  const limits = { ...defaultKvLimits, maxSessions: 2 };
  const store = new KvStore(limits, rules);
  for (let opened = 0; opened < 3; opened++) store.apply({ type: "open-session" });
  store.apply(once(2, 1));
  const copy = new KvStore(limits, rules);
  const reader = copy.restore();
  const snapshot = store.beginSnapshot();
  for (let piece = snapshot.next(64); piece !== null; piece = snapshot.next(64)) reader.push(piece);
  reader.finish();
  return { store, copy };
}

test("servesForgotten (§6.3): a forgotten session's command is refused; without the rule it is carried out", () => {
  const answers = [{}, { servesForgotten: () => true }].map((changed) => crowded(changed).store.apply(once(1, 1)));
  expect(answers).toEqual([{ type: "session-expired" }, { type: "ok", value: 2 }]);
});

test("sessionsInOrder (§6.3): a restored store forgets the same session next; without the rule another one", () => {
  const byId: KvRules["sessionsInOrder"] = (sessions) => sessions.toSorted((one, other) => one.id - other.id);
  const remembered = [{}, { sessionsInOrder: byId }].map((changed) => {
    const { store, copy } = crowded(changed);
    return [store, copy].map((one) => {
      one.apply({ type: "open-session" });
      return one.apply(once(2, 2)).type;
    });
  });
  expect(remembered).toEqual([
    ["ok", "ok"],
    ["ok", "session-expired"],
  ]);
});

test("lastSessionAfterRestore (§6.3): a restored store gives out the next number; without the rule a used one", () => {
  const ofThese: KvRules["lastSessionAfterRestore"] = (_lastId, sessions) => sessions.length;
  const opened = [{}, { lastSessionAfterRestore: ofThese }].map((changed) => {
    const { store, copy } = crowded(changed);
    return [store, copy].map((one) => one.apply({ type: "open-session" }));
  });
  expect(opened).toEqual([
    [
      { type: "ok", value: 4 },
      { type: "ok", value: 4 },
    ],
    [
      { type: "ok", value: 4 },
      { type: "ok", value: 3 },
    ],
  ]);
});
