import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { stepHistory } from "../test-support/step-history.ts";
import { pnCounterChecker } from "./pn-counter.ts";

/** What is left of `|` happens before the final reads. */
function history(text: string): HistoryEvent[] {
  const [load = "", final] = text.split("|");
  const events: Omit<HistoryEvent, "index">[] = stepHistory(load);
  if (final !== undefined) {
    const marker = { time: events.at(-1)!.time, process: "controller", type: "info", f: "final-reads" } as const;
    const reads = stepHistory(final).map((event) => ({ ...event, process: 100 + (event.process as number) }));
    events.push(marker, ...reads.map((event) => ({ ...event, time: event.time + marker.time })));
  }
  return events.map((event, index) => ({ ...event, index }));
}

const check = (text: string) => pnCounterChecker.check(history(text));

describe("final reads", () => {
  it("are the sum of what was acknowledged, and of any of what may have been added", () => {
    expect(check("add 3; add -5; read -> 3 | read -> -2")).toMatchObject({ verdict: "valid", finalReads: 1 });
    for (const sum of [1, 4, -1, 2]) expect(check(`add 1; add 3 ?; add -2 ? | read -> ${sum}`).verdict).toBe("valid");
    expect(check("add 1; add 2 !refused | read -> 1")).toMatchObject({ verdict: "valid" });
  });
  it("are nothing else", () => {
    expect(check("add 3; add -5 | read -> 3").summary).toMatchInlineSnapshot(
      `"key "x": process 100 read 3 at 0.04 s at the end, but the additions come to -2"`,
    );
    expect(check("add 1; add 3 ?; add -2 ? | read -> 0").summary).toMatchInlineSnapshot(
      `"key "x": process 100 read 0 at 0.06 s at the end, but the additions come to -1 or 1 to 2 or 4"`,
    );
  });
  it("leave a counter open where there are none, or something else is read", () => {
    expect(check("add 3; read -> 3")).toMatchObject({ verdict: "unknown", cause: { code: "no-final-reads" } });
    expect(check('add 3 | read -> "x"')).toMatchObject({ cause: { code: "unsupported-operation" } });
    const large = "add 9007199254740991; add 9007199254740990; add -9007199254740991";
    expect(check(`${large} | read -> 9007199254740990`)).toMatchObject({ cause: { code: "unsupported-operation" } });
    const apart = Array.from({ length: 30 }, (_, at) => `add ${3 ** at} ?`);
    expect(check(`${apart.join("; ")} | read -> 1`)).toMatchObject({ cause: { code: "not-decided" } });
    expect(check("add 3 | read ?")).toMatchObject({ cause: { code: "nothing-tested" } });
  });
});

/** A few additions, some of unknown outcome, and what a counter holds after a random choice of those; or another number. */
function randomCounter(random: RandomStream): { readonly text: string; readonly isReachable: boolean } {
  const amounts = Array.from({ length: random.integer(1, 8) }, () => random.integer(-4, 4));
  const open = amounts.map(() => random.integer(0, 2) === 0);
  const read = random.integer(-12, 12);
  const choices = Array.from({ length: 2 ** amounts.length }, (_, choice) =>
    amounts.reduce((sum, amount, at) => (!open[at] || (choice & (1 << at)) !== 0 ? sum + amount : sum), 0),
  );
  const adds = amounts.map((amount, at) => `add ${amount}${open[at] ? " ?" : ""}`);
  return { text: `${adds.join(";")} | read -> ${read}`, isReachable: choices.includes(read) };
}

describe("against brute force", () => {
  it("accepts exactly the sums that some choice of the additions comes to", () => {
    const said = { valid: 0, invalid: 0, unknown: 0 };
    for (let seed = 0; seed < 100_000; seed++) {
      const { text, isReachable } = randomCounter(randomStream(seed, "pn-counter"));
      const { verdict } = check(text);
      said[verdict]++;
      if ((verdict === "valid") !== isReachable) throw new Error(`seed ${seed}: ${verdict} for ${text}`);
    }
    expect(said.valid).toBeGreaterThan(10_000);
    expect(said.invalid).toBeGreaterThan(10_000);
    expect(said.unknown).toBe(0);
  });
});
