import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Results } from "../analysis/results.ts";

const command = join(import.meta.dirname, "..", "dist", "cli", "main.js");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-analyze-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function keelhaul(args: readonly string[], stdin: string | Buffer = ""): Promise<Ran> {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder });
  child.stdin.on("error", () => {}).end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stdout, stderr };
}

async function analyze(content: string, ...options: string[]): Promise<Ran> {
  await writeFile(join(folder, "given.txt"), content);
  return keelhaul(["analyze", "given.txt", ...options]);
}

const map = (process: number, rest: string): string => `{:process ${process}, ${rest}}`;
/** A write of 1 is over, then a write of 2; then a read sees 1. */
const stale = [
  map(0, ":type :invoke, :f :write, :value 1"),
  map(0, ":type :ok, :f :write, :value 1"),
  map(0, ":type :invoke, :f :write, :value 2"),
  map(0, ":type :ok, :f :write, :value 2"),
  map(1, ":type :invoke, :f :read"),
  map(1, ":type :ok, :f :read, :value 1"),
].join("\n");
const fresh = stale.replace(/1\}$/, "2}");
const ours = (...events: object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

describe("a check ends at the limit that it was given", () => {
  test.each([
    ["--check-time", "1ms", "time-budget", /not decided within 1 ms: /],
    ["--check-memory", "1MB", "memory-budget", /not decided within 1 MB: /],
  ])("%s %s", async (option, limit, code, sentence) => {
    const many = Array.from({ length: 20_000 }, (_, value) => [
      map(0, `:type :invoke, :f :write, :value ${value}`),
      map(0, `:type :ok, :f :write, :value ${value}`),
    ]);
    const ran = await analyze(many.flat().join("\n"), option, limit, "--model", "register", "--json");
    expect(ran.code).toBe(2);
    const { verdict, summary, checkers } = JSON.parse(ran.stdout) as Results;
    expect(verdict).toBe("unknown");
    expect(summary).toMatch(sentence);
    expect(Object.values(checkers).map(({ cause }) => cause?.code)).toContain(code);
  });

  test("a generous one changes nothing", async () => {
    expect((await analyze(fresh, "--check-time", "5m", "--check-memory", "4GB")).code).toBe(0);
    expect((await analyze(stale, "--check-time", "5m", "--check-memory", "4GB")).code).toBe(1);
  });
});

describe("a history that cannot be right is refused with its line, and exit code 254", () => {
  const invoke = map(0, ":type :invoke, :f :write, :value 1");
  const ok = map(0, ":type :ok, :f :write, :value 1");
  const stamp = (event: string, more: string): string => event.replace("}", `, ${more}}`);
  test.each([
    ["truncated", `[${invoke}\n${ok}\n{:process 0, :type`, /given\.txt:3: found the end of the file, expected “\}”/],
    [
      "mixed",
      `${invoke}\n${ok}\nINFO  jepsen.util - 0\t:invoke\t:read\tnil`,
      /given\.txt:3: found “INFO”, expected a map/,
    ],
    ["mixed the other way", `INFO  jepsen.util - 0\t:invoke\t:read\tnil\n${ok}`, /given\.txt:2: found “\{:process 0/],
    ["an orphan completion", `${ok}\n`, /given\.txt:1: found a completion of process 0, expected its invocation/],
    [
      "a duplicate index",
      `${stamp(invoke, ":index 5")}\n${stamp(ok, ":index 5")}`,
      /given\.txt:2: found index 5, expected an index above 5/,
    ],
    [
      "time running backwards",
      `${stamp(invoke, ":time 50")}\n${stamp(ok, ":time 49")}`,
      /given\.txt:2: found time 49, expected a time of at least 50, when line 1 was invoked/,
    ],
    ["nothing known", "once upon a time", /given\.txt:1: found “once upon a time”, expected a history in one of these/],
  ])("%s", async (_, content, message) => {
    const { code, stdout, stderr } = await analyze(content);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([stdout, code]).toEqual(["", 254]);
    expect(await readdir(folder)).toEqual(["given.txt"]);
    const misspelled = await keelhaul(["report", "given.txt", "--format", "markdwon"]);
    expect([misspelled.code, misspelled.stderr]).toEqual([254, expect.stringContaining("markdown")]);
  });

  test.each([
    [["--model", "mutex"], /given\.txt:1: does not fit --model mutex: “write” is none of acquire, release/],
    [["--model", "list-append"], /given\.txt:1: does not fit --model list-append: “write” is no txn/],
    [["--model", "list-append", "--initial", "0"], /--initial: no effect on model list-append; omit it/],
    [["--model", "abacus"], /--model: got "abacus"; expected one of register, cas-register, /],
    [["--format", "xml"], /--format: got "xml"; expected one of keelhaul, /],
    [["--format", "porcupine-kv"], /given\.txt:1: found no :key, expected the key of the operation/],
    [["--initial", "{x"], /--initial: got "\{x"; expected JSON/],
    [["--nil-read", "maybe"], /--nil-read: got "maybe"; expected absent or unknown/],
    [["--checker", "register,abacus"], /--checker: got "abacus"; expected some of register, /],
    [["--checker", "register", "--model", "register"], /--checker: a checker has its own model; omit --model/],
    [["--consistency", "eventual"], /--consistency: got "eventual"; expected some of read-uncommitted, /],
    [
      ["--consistency", "serializable"],
      /--consistency: no effect on cas-register; it works with list-append and rw-register/,
    ],
    [["--checker", "register", "--consistency", "serializable"], /--consistency: no effect on register; it works with/],
    [["--independent"], /given\.txt:1: found value “1”, expected \[key value\]/],
  ])("analyze %j", async (options, message) => {
    const { code, stderr } = await analyze(stale, ...options);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(254);
  });

  test("one of ours that does not fit the model, by its line", async () => {
    const invoke = { index: 0, time: 1, process: 0, type: "invoke", f: "read", key: "k", value: null };
    const { code, stderr } = await analyze(
      ours(invoke, { ...invoke, index: 1, process: 1, f: "acquire" }),
      "--model",
      "register",
    );
    expect(stderr).toMatch(/given\.txt:2: does not fit --model register: “acquire” is none of read, write/);
    expect(code).toBe(254);
  });

  test("operations that no model knows together", async () => {
    const { code, stderr } = await analyze(`${invoke}\n${map(1, ":type :invoke, :f :acquire")}`);
    expect(stderr).toMatch(/given\.txt: no model knows all of its operations \(write, acquire\); give one by --model/);
    expect(code).toBe(254);
  });
});

describe("a history from elsewhere", () => {
  test("is judged by the model that its operations belong to, which is said, and nothing is written beside it", async () => {
    const { code, stdout, stderr } = await analyze(stale, "--json");
    expect(stderr).toMatch(/read as edn, judged as cas-register \(.*guessed from its operations\)/);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "invalid",
      run: "given.txt",
      report: null,
      checkers: { "linearizable-cas-register": { verdict: "invalid" }, statistics: { verdict: "valid" } },
      warnings: ["the file has no times: its events are shown a millisecond apart"],
    });
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual(["given.txt"]);
    expect((await analyze(fresh)).code).toBe(0);
  });

  test("has its anomalies in the answer for programs, with the operations and the models that they rule out", async () => {
    const writeSkew = [
      "{:process 0 :type :invoke :f :txn :value [[:r :x nil] [:append :y 1]]}",
      "{:process 1 :type :invoke :f :txn :value [[:r :y nil] [:append :x 2]]}",
      "{:process 0 :type :ok :f :txn :value [[:r :x nil] [:append :y 1]]}",
      "{:process 1 :type :ok :f :txn :value [[:r :y nil] [:append :x 2]]}",
      "{:process 0 :type :invoke :f :txn :value [[:r :x nil] [:r :y nil]]}",
      "{:process 0 :type :ok :f :txn :value [[:r :x [2]] [:r :y [1]]]}",
    ].join("\n");
    const { stdout } = await analyze(writeSkew, "--json", "--consistency", "SI,serializable");
    expect(JSON.parse(stdout).checkers["list-append"]).toMatchObject({
      verdict: "invalid",
      anomalies: { "G2-item": { count: 1, forbidden: true } },
      violations: [{ kind: "G2-item", operations: [{ index: 0 }, { index: 1 }] }],
      models: [
        { model: "snapshot-isolation", verdict: "valid" },
        { model: "serializable", verdict: "invalid" },
      ],
      weakestModelsRuledOut: ["update-serializable", "repeatable-read"],
      strongestModels: ["snapshot-isolation"],
    });
  });

  test("is read from standard input", async () => {
    const { code, stdout } = await keelhaul(["analyze", "-", "--json"], stale);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "invalid", run: "stdin", report: null });
    expect(code).toBe(1);
    const cut = await keelhaul(["analyze", "-"], stale.slice(0, -5));
    expect(cut.stderr).toMatch(/^keelhaul: stdin:6: found the end of the file/);
    expect(cut.code).toBe(254);
  });

  test("is read compressed from standard input, which has no name to tell by", async () => {
    const { code, stdout } = await keelhaul(["analyze", "-", "--json"], zstdCompressSync(stale));
    expect([code, JSON.parse(stdout).verdict]).toEqual([1, "invalid"]);
  });

  test("in which nothing was answered is linearizable, trivially, and says so", async () => {
    const { code, stdout } = await analyze(map(0, ":type :invoke, :f :write, :value 1"), "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "valid",
      summary: expect.stringMatching(/^linearizable, but trivially so: no answered operation shows/),
      checkers: { statistics: { verdict: "unknown", cause: { code: "nothing-tested" } } },
    });
    expect(code).toBe(0);
  });

  test("may be judged by checkers instead of a model", async () => {
    const { code, stdout } = await analyze(stale, "--checker", "sequential,register", "--json");
    const { checkers } = JSON.parse(stdout);
    expect(Object.keys(checkers)).toEqual(["sequential", "register"]);
    expect([checkers.sequential.verdict, checkers.register.verdict, code]).toEqual(["valid", "invalid", 1]);
  });

  test("of transactions is held to the consistency that was asked for", async () => {
    const skew = [
      map(0, ":type :invoke, :f :txn, :value [[:r :x nil] [:append :y 1]]"),
      map(1, ":type :invoke, :f :txn, :value [[:r :y nil] [:append :x 2]]"),
      map(0, ":type :ok, :f :txn, :value [[:r :x []] [:append :y 1]]"),
      map(1, ":type :ok, :f :txn, :value [[:r :y []] [:append :x 2]]"),
      map(2, ":type :invoke, :f :txn, :value [[:r :x nil] [:r :y nil]]"),
      map(2, ":type :ok, :f :txn, :value [[:r :x [2]] [:r :y [1]]]"),
    ].join("\n");
    expect((await analyze(skew)).code).toBe(1);
    const { code, stdout } = await analyze(skew, "--consistency", "snapshot-isolation", "--json");
    expect(JSON.parse(stdout).summary).toMatch(/nothing that snapshot-isolation forbids, but G2-item: /);
    expect(code).toBe(0);
    expect((await analyze(skew, "--checker", "list-append", "--consistency", "snapshot-isolation")).code).toBe(0);
  });

  test("of ours is read from standard input, cut or not", async () => {
    const invoke = { index: 0, time: 1, process: 0, type: "invoke", f: "read", key: "k", value: null };
    const history = ours(invoke, { ...invoke, index: 1, type: "ok" });
    expect((await keelhaul(["analyze", "-"], history)).code).toBe(0);
    const { stdout } = await keelhaul(["analyze", "-", "--json"], `${history}{"index":2,`);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "valid",
      warnings: ["stdin:3: the last line was cut after 11 bytes and is omitted"],
    });
    const damaged = await keelhaul(["analyze", "-", "--format", "keelhaul", "--json"], `${history}{}\n${history}`);
    expect(JSON.parse(damaged.stdout).checkers.statistics.summary).toMatch(/^stdin:3: found no index/);
  });

  test("may begin with a value, and have reads that say nothing", async () => {
    const begins = [map(0, ":type :invoke, :f :read"), map(0, ":type :ok, :f :read, :value 7")].join("\n");
    expect((await analyze(begins)).code).toBe(1);
    expect((await analyze(begins, "--model", "register", "--initial", "7")).code).toBe(0);
    const emptied = fresh.replace(/2\}$/, "nil}");
    expect((await analyze(emptied, "--nil-read", "absent")).code).toBe(1);
    expect((await analyze(`${emptied}\n${fresh.split("\n").slice(4).join("\n")}`)).code).toBe(0);
  });

  test("of an independent test has an object a key", async () => {
    const keyed = stale.replace(/:value (\d)/g, ":value [7 $1]").replace(":read}", ":read, :value [7 nil]}");
    const { code, stdout } = await analyze(keyed, "--independent");
    expect(stdout).toMatch(/key "7"/);
    expect(code).toBe(1);
  });
});

describe("when one key is refuted", () => {
  /** Two locks, each acquired by two clients and never released. */
  const twoLocks = ["a", "b"].flatMap((key) =>
    [0, 1].flatMap((process) =>
      ["invoke", "ok"].map((type) => map(process, `:type :${type}, :f :acquire, :value [:${key} nil]`)),
    ),
  );
  const refute = async (...options: string[]) => {
    const given = ["--independent", "--model", "mutex", "--json", ...options];
    const { code, stdout } = await analyze(twoLocks.join("\n"), ...given);
    const { checkers } = JSON.parse(stdout) as {
      checkers: Record<"linearizable-mutex", { summary: string; violations: readonly { key: string }[] }>;
    };
    const { summary, violations } = checkers["linearizable-mutex"];
    return { code, summary, keys: violations.map(({ key }) => key) };
  };

  test("the search stops there, and says how many keys it did not search", async () => {
    const { code, summary, keys } = await refute();
    expect([code, keys]).toEqual([1, ["a"]]);
    expect(summary).toMatch(/^key "a" is not linearizable \(1 object not searched after that\): /);
  });

  test("--all-violations searches the others too", async () => {
    const { code, summary, keys } = await refute("--all-violations");
    expect([code, keys]).toEqual([1, ["a", "b"]]);
    expect(summary).toMatch(/^key "a" is not linearizable \(and 1 more object\): /);
  });
});

describe("the page of an analysis", () => {
  const pages = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".html")).sort();

  test("of a history from elsewhere is written where --report says, and named in the outcome", async () => {
    const { code, stdout } = await analyze(stale, "--report", "new/page.html");
    expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([1, "  report      new/page.html"]);
    expect(JSON.parse((await analyze(stale, "--report", "new/", "--json")).stdout).report).toBe("new/report.html");
    expect(await pages()).toEqual(["new/page.html", "new/report.html"]);
    expect(await readFile(join(folder, "new/page.html"), "utf8")).toContain("linearizable-cas-register");
  });

  test("is not written unless it is wanted; people are told how to get one", async () => {
    expect((await analyze(stale)).stdout).toMatch(/\n {2}report {6}none; --report PATH writes one\n$/);
    for (const options of [["--no-report"], ["--json"], ["--no-report", "--json"]]) {
      expect((await analyze(stale, ...options)).stdout).not.toContain("--report");
    }
    expect(await pages()).toEqual([]);
  });

  test("never replaces a file of somebody else, which is said before anything is judged", async () => {
    await writeFile(join(folder, "page.html"), "mine");
    const { code, stdout, stderr } = await analyze(stale, "--report", "page.html");
    expect([code, stdout]).toEqual([254, ""]);
    expect(stderr).toMatch(/^keelhaul: --report: page\.html exists already; choose another path or remove it\n$/);
    expect(await readFile(join(folder, "page.html"), "utf8")).toBe("mine");
  });

  test("that cannot be written is a warning, with the verdict and exit code as without it", async () => {
    const { code, stdout } = await analyze(stale, "--report", "given.txt/page.html", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "invalid", report: null });
    expect(JSON.parse(stdout).warnings.at(-1)).toMatch(/^no report was written: /);
    const people = await analyze(stale, "--report", "given.txt/page.html");
    expect([people.code, people.stdout]).toEqual([1, expect.stringMatching(/! no report was written: /)]);
  });

  test("of a history file is no task of `keelhaul report`, which says what writes one", async () => {
    await writeFile(join(folder, "given.txt"), stale);
    const { code, stderr } = await keelhaul(["report", "given.txt"]);
    expect(code).toBe(254);
    expect(stderr).toMatch(/^keelhaul: given\.txt is a file; .* `keelhaul analyze given\.txt --report PATH`/);
    expect(await readdir(folder)).toEqual(["given.txt"]);
  });

  test("of a run is its own, which is replaced; --report writes another, --no-report leaves it alone", async () => {
    const run = "store/latest";
    const own = join(folder, run, "report.html");
    expect(
      (await keelhaul(["test", "--system", "memory", "--time-limit", "1s", "--min-load", "0", "--name", "run"])).code,
    ).toBe(0);
    const outcome = async (...options: string[]) => {
      const { code, stdout } = await keelhaul(["analyze", run, "--json", ...options]);
      return { code, report: JSON.parse(stdout).report };
    };
    await writeFile(own, "old");
    expect(await outcome("--no-report")).toEqual({ code: 0, report: null });
    expect(await outcome("--report", "page.html")).toEqual({ code: 0, report: "page.html" });
    expect(await readFile(own, "utf8")).toBe("old");
    expect(await outcome()).toEqual({ code: 0, report: `${run}/report.html` });
    expect(await readFile(own, "utf8")).toMatch(/^<!doctype html>/i);
    await rm(own);
    await mkdir(own);
    expect(await outcome()).toEqual({ code: 0, report: null });
  });
});

describe("a history is exported", () => {
  test("and analysed again with the same verdict", async () => {
    await writeFile(join(folder, "given.txt"), stale);
    expect((await keelhaul(["export", "given.txt", "--format", "jsonl", "--output", "ours.jsonl"])).code).toBe(0);
    const asEdn = await keelhaul(["export", "ours.jsonl", "--format", "edn"]);
    expect(asEdn.stdout.split("\n")[1]).toBe("{:index 1, :time 1000000, :process 0, :type :ok, :f :write, :value 1}");
    expect((await keelhaul(["analyze", "-"], asEdn.stdout)).code).toBe(1);
    expect((await keelhaul(["analyze", "ours.jsonl"])).code).toBe(1);
  });

  test("never over a file that is there", async () => {
    await writeFile(join(folder, "given.txt"), stale);
    const { code, stderr } = await keelhaul(["export", "given.txt", "--format", "edn", "--output", "given.txt"]);
    expect([code, stderr]).toEqual([
      254,
      'keelhaul: cannot open "given.txt": it exists already; choose another path or remove it\n',
    ]);
    expect(await readFile(join(folder, "given.txt"), "utf8")).toBe(stale);
    expect((await keelhaul(["export", "given.txt", "--format", "csv"])).stderr).toMatch(/--format: got "csv"/);
    expect((await keelhaul(["export", "nowhere", "--format", "edn"])).code).toBe(254);
  });
});
