import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { edn } from "../../history/import/edn.ts";
import { openHistory } from "../../history/reader.ts";
import { formatEvent } from "../../history/writer.ts";
import { randomStream } from "../../random/stream.ts";
import { listAppend } from "./list-append.ts";
import type { ModelName } from "./model-table.ts";
import { randomTransactions } from "./test-support/random-transactions.ts";
import { textTransactions } from "./test-support/text-transactions.ts";

const check = (text: string, model?: ModelName) =>
  listAppend(model === undefined ? {} : { consistency: [model] }).check(textTransactions(text));

describe("transactions that some order explains", () => {
  it.each([
    ["one after the other", "T1: ax1\n--\nT2: rx[1] ax2 rx[1 2]\n--\nT3: rx[1 2]"],
    ["in the other order while both run", "T1: ax1 rx[2 1]\nT2: ax2 rx[2]"],
    ["an unknown outcome that took effect late", "T1: ax1 info\n--\nT2: rx[]\n--\nT3: rx[1]"],
    ["an unknown outcome that nobody saw", "T1: ax1 ay1 info\n--\nT2: rx[] ry[]"],
    ["an abort that left nothing", "T1: ax1 fail\n--\nT2: rx[]"],
    ["an unread append", "T1: rx[] ax1\nT2: ay1"],
  ])("accepts %s", (_what, text) => {
    expect(check(text)).toMatchObject({ verdict: "valid", violations: [], strongestModels: ["strict-serializable"] });
  });
});

describe("what an anomaly rules out", () => {
  const writeSkew = "T1: rx[] ay1\nT2: ry[] ax1";
  const stale = "T1: ax1\n--\nT2: rx[]";

  it("judges by the model that is asked for", () => {
    expect(check(writeSkew, "snapshot-isolation").verdict).toBe("valid");
    expect(check(writeSkew, "repeatable-read").verdict).toBe("invalid");
    expect(check(stale, "serializable").verdict).toBe("valid");
    expect(check(stale, "strong-session-serializable").verdict).toBe("valid");
    expect(check(stale, "strong-snapshot-isolation").verdict).toBe("invalid");
  });

  it("names the strongest models that are left", () => {
    expect(check(writeSkew)).toMatchObject({
      summary:
        "not strict-serializable: G2-item: T1 read x as [], without T2's 1; T2 read y as [], without T1's 1: each would have to come before the other; consistent with at most strong-snapshot-isolation",
      weakestModelsRuledOut: ["update-serializable", "repeatable-read"],
      strongestModels: ["strong-snapshot-isolation"],
    });
    expect(check(stale).strongestModels).toEqual(["strong-session-serializable", "strong-read-committed"]);
  });

  it("still tells of what a weaker model allows", () => {
    expect(check(writeSkew, "snapshot-isolation").summary).toContain(
      "show nothing that snapshot-isolation forbids, but G2-item: ",
    );
  });

  it("gives the transactions and the reason of each edge", () => {
    const [violation] = check(stale).violations;
    expect(violation?.operations).toMatchObject([
      { index: 0, f: "txn", value: [["append", "x", 1]], outcome: "ok", invokedAtNs: 0, completedAtNs: 10_000_000 },
      { index: 2, f: "txn", value: [["r", "x", []]], outcome: "ok" },
    ]);
    expect(violation?.orders).toEqual([
      { type: "rw", before: 2, after: 0, why: "T2 read x as [], without T1's 1" },
      { type: "realtime", before: 0, after: 2, why: "T1 ended 10 ms before T2 began" },
    ]);
  });
});

describe("what cannot be judged", () => {
  it.each([
    ["nothing-tested", "T1: ax1"],
    ["values-repeat", "T1: ax1\nT2: ax1\nT3: rx[1] ry[]"],
    ["unsupported-operation", "T1: wx1\nT2: rx_ ry[]"],
    ["unsupported-operation", "T1: ax1\nT2: rx1"],
  ])("says unknown: %s", (code, text) => {
    expect(check(text)).toMatchObject({ verdict: "unknown", cause: { code } });
  });

  it("keeps what is proven on other keys", () => {
    expect(check("T1: ax1\nT2: ax1\nT3: ry[9]").verdict).toBe("invalid");
  });
});

it("reads the same from lines as from events", () => {
  const folder = mkdtempSync(join(tmpdir(), "keelhaul-transactions-"));
  try {
    for (let seed = 0; seed < 200; seed++) {
      const random = randomStream(seed, "lines");
      const shape = {
        kind: "append",
        transactions: 12,
        clients: 3,
        keys: 2,
        info: 0.2,
        abort: 0.1,
        faults: 0.05,
      } as const;
      const events = randomTransactions(random, shape).map((event) => ({ ...event, time: Math.round(event.time) }));
      const file = join(folder, `${seed}.jsonl`);
      // Every other line with a space in it, which the scanner leaves to JSON.parse.
      writeFileSync(
        file,
        events.map((event, at) => formatEvent(event).replace(":", at % 2 === 0 ? ":" : ": ")).join(""),
      );
      expect(listAppend().check(openHistory(file))).toEqual(listAppend().check(events));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const fixtures = join(import.meta.dirname, "../../../shared/fixtures/histories/elle");

describe.skipIf(!existsSync(fixtures))(`Elle's own histories (skipped without ${fixtures})`, () => {
  const rows = existsSync(fixtures)
    ? readFileSync(join(fixtures, "verdicts.tsv"), "utf8").trim().split("\n").slice(1)
    : [];

  it.each(rows.map((row) => row.split("\t") as [string, string, string, string, string]))(
    "%s: valid %s, %s, models checked %s, ruled out %s",
    (name, valid, anomalies, _checked, ruledOut) => {
      const events = Array.from(
        edn.events(join(fixtures, name), { independent: false, warn: () => undefined }),
        ({ event }) => event,
      );
      const result = listAppend({ consistency: ["serializable"] }).check(events);
      expect(result.verdict === "valid").toBe(valid === "true");
      const found = Object.keys(result.anomalies).filter((anomaly) => anomaly !== "lost-update");
      expect(found).toEqual(anomalies.split(",").map((anomaly) => anomaly.replace("G-single-item", "G-single")));
      expect(result.weakestModelsRuledOut).toEqual(expect.arrayContaining(ruledOut.split(",")));
      const snapshots = listAppend({ consistency: ["snapshot-isolation"] }).check(events);
      expect(snapshots.verdict).toBe(ruledOut.includes("consistent-view") ? "invalid" : "valid");
    },
  );
});
