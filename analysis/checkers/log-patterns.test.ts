import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findLogPatterns, logWarnings } from "./log-patterns.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-logs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, ...lines: unknown[]): void =>
  writeFileSync(
    join(folder, name),
    lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
  );

describe("alarming lines in the logs of nodes", () => {
  it("finds errors by their level, with node and line", () => {
    write("n1.log", { level: 30, msg: "listening" }, { level: 50, msg: "cannot write", err: { message: "disk full" } });
    write("n2.log", { level: 40, msg: "slow" });
    const found = findLogPatterns(folder);
    expect(found).toEqual({
      findings: [{ node: "n1", file: "n1.log", line: 2, text: "cannot write: disk full" }],
      counts: { n1: 1 },
    });
    expect(logWarnings(found)).toEqual(["the log of n1 reports an error in line 2: cannot write: disk full"]);
  });

  it("finds what only a bug makes a node say, in lines of any kind", () => {
    write("n1.log", "panic: index out of range", { level: 30, msg: "fine" }, { level: 30, name: "RaftBug" });
    write("n3.log", "Error: invariant matchIndex < nextIndex");
    const { findings, counts } = findLogPatterns(folder);
    expect(findings.map(({ node, line, text }) => [node, line, text])).toEqual([
      ["n1", 1, "panic: index out of range"],
      ["n1", 3, '{"level":30,"name":"RaftBug"}'],
      ["n3", 1, "Error: invariant matchIndex < nextIndex"],
    ]);
    expect(counts).toEqual({ n1: 2, n3: 1 });
    expect(logWarnings({ findings, counts })[0]).toBe(
      "the log of n1 reports an error in line 1: panic: index out of range (and 1 more)",
    );
  });

  it("keeps the first few and counts the rest, and reads a last line that was cut", () => {
    writeFileSync(join(folder, "n1.log"), `${"panic\n".repeat(25)}{"level":60,"msg":"pan`);
    const { findings, counts } = findLogPatterns(folder);
    expect(findings.length).toBe(10);
    expect(counts).toEqual({ n1: 25 });
    writeFileSync(join(folder, "n2.log"), "x".repeat(1000).replace("xxx", "panic"));
    expect(findLogPatterns(folder).findings.at(-1)?.text.length).toBe(301);
  });

  it("finds nothing in quiet logs, and where there are none", () => {
    write("n1.log", { level: 30, msg: "listening" }, "plain words");
    expect(findLogPatterns(folder)).toEqual({ findings: [], counts: {} });
    expect(findLogPatterns(join(folder, "none"))).toEqual({ findings: [], counts: {} });
    expect(logWarnings(findLogPatterns(folder))).toEqual([]);
  });
});
