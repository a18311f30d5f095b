import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Small histories by other people, with what a right answer is; see the README there. */
const cases = join(import.meta.dirname, "../../shared/fixtures/cases");
const present = existsSync(cases);
if (!present) console.warn(`foreign-cases.test.ts: SKIPPED, as ${cases} is not there`);

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-cases-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** In a folder of its own, as the report is written beside the history. */
async function analyze(file: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  await copyFile(join(cases, file), join(folder, file));
  const child = spawn(process.execPath, [command, "analyze", file, ...args], { cwd: folder });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, output: stdout + stderr };
}

const exit = { valid: 0, invalid: 1, unknown: 2, refused: 254 } as const;

describe.runIf(present)("the answer to a history by others", () => {
  it.each<[file: string, args: string, answer: keyof typeof exit, output: RegExp]>([
    ["01-bank-other-accounts.edn", "--checker bank", "valid", /2 reads of all accounts, each adding up to 30/],
    ["01-bank-other-accounts.edn", "--checker bank --bank-total 31", "invalid", /add up to 30 .*which is 1 too little/],
    ["02-rw-blind-write-read-back.edn", "", "invalid", /G-single-realtime: .*T2 wrote 8/],
    ["04-rw-session-goes-back.edn", "--consistency strong-session-serializable", "invalid", /if a held 1 before 2/],
    ["06-append-own-order-reversed.edn", "", "invalid", /read a as \[2 1 3\], but T1 appended 1 before 2/],
    ["18-long-fork-jepsen.edn", "--checker long-fork", "invalid", /0 was written and 1 was not/],
    ["20-initial-rows.edn", "--model rw-register --initial 0", "valid", /at first 0/],
    ["21-counter-never-added.edn", "--checker counter", "invalid", /read 1 at .*: at least 1 too high/],
    ["22-set-full-seen-concurrently.edn", "--checker set-full", "valid", /none of 1 added element was lost/],
    ["60-consistency-synonym.edn", "--model list-append --consistency strong-serializable", "valid", /strict-serializ/],
    ["60-consistency-synonym.edn", "--model list-append --consistency PL-2,PSI", "valid", /read-committed: valid: /],
    ["08-json-big-ids.jsonl", "--checker unique-ids", "valid", /2 identifiers, all distinct/],
    ["09-json-big-register.jsonl", "--model cas-register", "invalid", /read 9007199254740992 .*nobody wrote/],
    ["12-map-order-register.edn", "--model register", "valid", /2 operations on 1 key are linearizable/],
    ["13-map-order-ids.edn", "--checker unique-ids", "invalid", /\{"n":4,"node":1\} was given to process 0/],
    ["16-guess-long-fork.edn", "", "refused", /its reads and writes are lists of steps; choose --checker long-fork/],
    [
      "19-independent-forgotten.edn",
      "",
      "refused",
      /every value is a pair, .*; choose --independent or --model cas-register/,
    ],
    ["19-independent-forgotten.edn", "--independent", "valid", /4 operations on 2 keys are linearizable/],
    ["19-independent-forgotten.edn", "--model cas-register", "invalid", /every value is a pair: add --independent/],
    ["24-empty.edn", "--format edn --model register", "unknown", /UNKNOWN: .*nothing/],
    ["30-json-array.json", "--model register", "valid", /read as json/],
    ["32-history-txt.txt", "--model register", "valid", /read as jepsen-txt/],
    ["35-object-hash.edn", "--model register", "valid", /2 operations on 1 key are linearizable/],
    ["36-ratio.edn", "--model register", "valid", /2 operations on 1 key are linearizable/],
    ["40-nemesis-without-time.edn", "--model register", "valid", /the times of 1 of 5 events are missing/],
    ["41-index-minus-one.edn", "--model register", "valid", /the file has no times/],
    ["44-read-step-of-two.edn", "--model list-append", "valid", /2 answered transactions/],
    ["45-keys-1-and-text-1.edn", "--model list-append", "valid", /3 answered transactions/],
    ["46-vector-elements.edn", "--model list-append", "valid", /2 answered transactions/],
    ["49-edn-text-keys.edn", "--model register", "valid", /read as edn/],
    ["61-kafka.edn", "", "invalid", /message 2 was acknowledged .* never polled.*judged by the checker kafka/s],
    ["62-causal-reverse.edn", "--checker causal-reverse", "invalid", /read 2 without 1/],
    ["64-monotonic-keys.edn", "--checker monotonic", "invalid", /read 0 .*which had already seen 1/],
    ["51-drain-without-checker.edn", "", "refused", /choose --checker queue or --checker fifo/],
  ])("%s %s: %s", async (file, args, answer, output) => {
    const { code, output: printed } = await analyze(file, args === "" ? [] : args.split(" "));
    expect(printed).toMatch(output);
    expect(code).toBe(exit[answer]);
  });
});
