import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** What each folder may import besides itself; the longest matching folder counts. See ARCHITECTURE.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  random: [],
  time: [],
  history: [],
  analysis: ["history"],
  workloads: ["history", "analysis", "random", "time", "sut/system.ts"],
  nemesis: ["controller/hosts/host.ts", "history", "random", "sut/system.ts"],
  "sut/raft/core": [],
  "sut/raft/invariants": ["sut/raft/core"],
  "sut/raft/kv": [],
  "sut/raft/protocol": ["sut/raft/kv"],
  "sut/raft/mutants": ["sut/raft/core", "sut/raft/kv", "sut/raft/node/duties.ts", "sut/system.ts"],
  "sut/raft/node": ["sut/raft/core", "sut/raft/kv", "sut/raft/mutants/registry.ts", "sut/raft/protocol", "time"],
  "sut/memory": ["sut", "controller/hosts/host.ts", "controller/hosts/in-process", "random", "time", "history"],
  sut: ["controller/hosts/host.ts", "history", "random", "time"],
  "controller/hosts": ["controller/errors.ts", "controller/project-file.ts", "history"],
  controller: ["sut", "nemesis", "workloads", "analysis", "history", "random", "time"],
  "reports/ui": ["reports/digest", "analysis", "history"],
  reports: ["analysis", "history"],
  cli: ["controller", "sut", "nemesis", "workloads", "analysis", "history", "reports"],
};

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && !/\.test\.tsx?$|(^|\/)test-(support|cluster)/.test(file));

const folderOf = (file: string): string | undefined =>
  Object.keys(allowed)
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((one, other) => other.length - one.length)[0];

function relativeImports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) => specifier!);
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}

test("imports point only in the direction that the architecture allows", () => {
  const wrong = sources.flatMap((file) => {
    const folder = folderOf(file);
    if (folder === undefined) return [];
    const may = [folder, ...allowed[folder]!];
    return relativeImports(file)
      .filter((target) => !may.some((prefix) => target === prefix || target.startsWith(`${prefix}/`)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});
