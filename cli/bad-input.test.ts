import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

let folder: string;
const before = process.cwd();

const files: Readonly<Record<string, string>> = {
  "a-file": "nothing of ours\n",
  "list.yaml": "- nodes\n",
  "empty.yaml": "",
  "broken.yaml": "nodes: 3\nset: [1\n",
  "value.yaml": "nodes: 3\nread-mode: readindex\n",
  "option.yaml": "nodes: 3\nread_mod: log\n",
  "knob.yaml": "set:\n  electionTimeoutMs: 300\n  preVot: true\n",
  "null.yaml": "rate:\n",
  "list-item.yaml": "time-limit: 30s\nnemesis: [partition, kil]\n",
  "twice.yaml": "readMode: log\nread-mode: log\n",
  "schedule.yaml": "schedule: 7\n",
  "flag.yaml": "shrink: perhaps\n",
  "world.yaml": "backend: sim\nworld:\n  network:\n    lsoe: 1\n",
  "broken.json": '{"faults"\n: [',
  "option.json": '{"options":{"nodez":3},"faults":[]}',
  "value.json": '{"options":{"nodes":70},"faults":[]}',
  "fault.json": '{"faults":[{"fault":"partitoin","variant":"one","atMs":1}]}',
  "field.json": '{"faults":[{"fault":"kill","variant":"one","at":1}]}',
  "change.json": '{"faults":[{"fault":"membership","variant":"x","atMs":1,"nodes":["n1"],"change":{"type":"ad"}}]}',
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-bad-input-"));
  process.chdir(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(name, content);
  mkdirSync("a-folder");
  mkdirSync("a-run");
  writeFileSync("a-run/history.jsonl", "");
  writeFileSync("a-run/results.json", "{");
  mkdirSync("a-run-too/history.jsonl", { recursive: true });
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** The command in this process, with what it wrote. */
async function keelhaul(args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += text;
      return true;
    });
  }
  await runCommand(["node", "keelhaul", ...args]);
  vi.restoreAllMocks();
  return { code: process.exitCode, ...written };
}

/** A command line as typed, and what its message says: the value, and often what was meant. */
const inputs: readonly (readonly [string, ...string[]])[] = [
  // Names that no registry has.
  ["test --nemesis partitoin", '"partitoin"; did you mean "partition"?'],
  ["test --nemesis kill:lader", '"lader"; did you mean "leader"?'],
  ["test --nemesis kill+kill", '"kill+kill"'],
  ["test --nemesis partition,,kill", '"partition,,kill"'],
  ["test --nemesis=", '""; expected all, none, or some of'],
  ["test --read-mode readindex", '"readindex"; did you mean "read-index"?'],
  ["test --read-mode lgo", '"lgo"; did you mean "log"?'],
  ["test --backend smi", '"smi"; did you mean "sim"?'],
  ["test --backend moon", '"moon"; expected one of local, docker'],
  ["test --system Raft", '"Raft"; did you mean "raft"?'],
  ["test --workload regster", '"regster"; did you mean "register"?'],
  ["test --workload append,wr", '"append,wr"; expected one workload a run'],
  ["test --mutant m24", '"m24"; did you mean "M24"?'],
  ["test --mutant commit-old-term", '"commit-old-term"; did you mean "M24"?'],
  ["test --mutant 99999", '"99999"', "M01 to"],
  ["test --system memory --mutant M01", '"M01"; system memory has no mutants'],
  ["test --consistency serialisable", '"serialisable"; did you mean "serializable"?'],
  ["test --set electionTimeout=300", "electionTimeout:", 'did you mean "electionTimeoutMs"?'],
  ["test --set warpDrive=on", "warpDrive: no such knob of raft; known are electionTimeoutMs"],
  ["test --system memory --set bug=dirty", '"dirty"; did you mean "dirty-read"?'],
  ["mutants --only M01,m24", '"m24"; did you mean "M24"?'],
  ["mutants --only=", '""'],
  ["analyze a-file --format end", '"end"; did you mean "edn"?'],
  ["analyze a-file --model registr", '"registr"; did you mean "register"?'],
  ["analyze a-file --checker staeness", '"staeness"; did you mean "staleness"?'],
  ["analyze a-file --consistency snapshot", '"snapshot"; did you mean "snapshot-isolation"?'],
  ["analyze a-file --nil-read maybe", '"maybe"; expected absent or unknown'],
  ["export a-file --format parket", '"parket"; did you mean "parquet"?'],
  // Options and commands.
  ["tset", "unknown command 'tset'; did you mean test?"],
  ["test --backnd sim", "unknown option '--backnd'; did you mean --backend?"],
  ["test --seed", "'--seed <number>' needs a value"],
  ["kv gte x", "unknown command 'gte'; did you mean get?"],
  ["kv get", "missing required argument 'key'"],
  ["clean everything", "'clean'", "got 1"],
  ["doctor --fix", "unknown option '--fix'"],
  ["export a-file", "--format: is missing; `keelhaul export --help` shows"],
  // Numbers, durations and other values.
  ["test --nodes 0", '"0"; expected a whole number from 1 to 15'],
  ["test --nodes=", '""; expected a whole number from 1 to 15'],
  ["test --nodes 0x3", '"0x3"'],
  ["test --rate fast", '"fast"; expected operations a second'],
  ["test --rate=", '""; expected operations a second'],
  ["test --rate 1e400", '"1e400"'],
  ["test --seed -1", '"-1"; expected a whole number from 0 to 2147483647'],
  ["test --time-limit soon", '"soon"; expected a duration such as 30s'],
  ["test --time-limit 9999h", '"9999h"; expected at most 168h'],
  ["test --concurrency 2x", '"2x"; expected a whole number of clients'],
  ["test --concurrency 0", '"0"; expected from 1 to 1000 clients'],
  ["test --min-answered 95", '"95"; expected a share from 0 to 1'],
  ["test --max-recovery 3", '"3"; expected a duration'],
  ["test --min-changes-made some", '"some"; expected a share'],
  ["test --max-elections -1", '"-1"; expected elections a fault'],
  ["test --set preVote=maybe", '"maybe"; expected true or false'],
  ["test --set electionTimeoutMs=soon", '"soon"; expected a whole number from 20 up'],
  ["test --set maxSessions=1000000", '"1000000"; expected a whole number from 1 to 100000'],
  ["test --set preVote", '"preVote"; expected name=value'],
  ["test --system memory --set lost=2", '"2"; expected a share'],
  ["test --name ..", '".."; expected letters'],
  ["test --name a/b", '"a/b"; expected letters'],
  ["test --name latest", '"latest"'],
  ["test --store=", '""; expected a folder'],
  ["test --backend sim --world {", '"{"; expected JSON'],
  ["test --backend sim --world 7", "got 7; expected settings"],
  ['test --backend sim --world {"netwrk":{}}', 'netwrk: no such setting; did you mean "network"?'],
  ['test --backend sim --world {"network":{"lsoe":1}}', 'network.lsoe: no such setting; did you mean "lose"?'],
  ['test --backend sim --world {"network":{"lose":3}}', "network.lose: got 3; expected a share"],
  ['test --backend sim --world {"network":{"delayMs":[2]}}', "network.delayMs: got [2]; expected two numbers"],
  ["sim --seeds 9..1", '"9..1"; expected a seed such as 17'],
  ["sim --threads 0", '"0"; expected a whole number from 1 to 256'],
  ["sim --shrink-runs few", '"few"; expected a whole number'],
  ["mutants --seeds 0", '"0"; expected a whole number from 1'],
  ["mutants --control-seeds x", '"x"; expected a whole number from 1'],
  ["mutants --time-limit x", '"x"; expected a duration'],
  ["analyze a-file --initial {", '"{"; expected JSON'],
  ["kv put x y --cluster 127.0.0.1:1", '"y"; expected JSON'],
  ["kv get x --cluster 127.0.0.1:99999", '"127.0.0.1:99999"; expected HOST:PORT'],
  ["cluster --nodes 99", '"99"; expected a whole number from 1 to 15'],
  ["cluster --spares many", '"many"; expected a whole number from 0 to 9'],
  ["cluster --base-port 80", '"80"; expected a port from 1024'],
  ["cluster --read-mode lese", '"lese"; did you mean "lease"?'],
  // Options that do not fit together.
  ["test --backend sim --fail-fast", "--fail-fast: no effect on simulated runs"],
  ["test --shrink", "--shrink: works only with --backend sim; this run uses local"],
  ["test --world {}", "--world: works only with --backend sim; this run uses local"],
  ["test --system memory --backend local", '"local"; system memory runs only on in-process or sim'],
  ["test --system memory --nemesis membership", "--nemesis: membership"],
  ["test --consistency serializable", "--consistency: no effect on workload register"],
  ["test --time-limit 5s --nemesis kill", "--time-limit: got 5s"],
  ["test --nodes 1 --nemesis partition", "needs at least 2 nodes, and the plan has 1"],
  ["test --set electionTimeoutMs=100", "electionTimeoutMs (100)"],
  ["analyze a-file --checker set --model set", "--checker"],
  // Files and folders.
  ["test --store a-file/x", '"a-file/x/register": a part of the path is a file'],
  ["test --store a-file", '"a-file/register": a part of the path is a file'],
  ["test --store /proc/keelhaul", '"/proc/keelhaul"', "accepts no new folders"],
  ["sim --store a-file/x --seeds 1", '"a-file/x": a part of the path is a file'],
  ["mutants --store a-file/x", '"a-file/x/mutants": a part of the path is a file'],
  ["cluster --data a-file/x", "a-file/x", "a part of the path is a file"],
  ["report nowhere", "nowhere: found nothing there"],
  ["report a-folder", "a-folder: found a folder without a history"],
  ["report a-file", "a-file is a file; expected a run folder"],
  ["report a-run", "a-run/results.json: Expected property name"],
  ["report a-run-too", "a-run-too: found a folder without a history"],
  ["analyze nowhere", "nowhere: found nothing there"],
  ["analyze a-file", "a-file:1: found “nothing of ours"],
  ["export nowhere --format edn", "nowhere: found nothing there"],
  ["analyze a-run --report a-file", "--report: a-file exists already; choose another path"],
  ["export a-run --format edn --output a-file", '"a-file": it exists already'],
  ["export a-run --format edn --output a-file/x", '"a-file/x": a part of the path is a file'],
  ["test --config nowhere.yaml", '"nowhere.yaml": there is no such file'],
  ["test --config a-folder", '"a-folder": it is a folder, not a file'],
  ["test --schedule nowhere.json", '"nowhere.json": there is no such file'],
  ["test --schedule a-folder", '"a-folder": it is a folder, not a file'],
  // What is wrong inside of files, with its place.
  ["test --config list.yaml", 'list.yaml: got ["nodes"]; expected options'],
  ["test --config empty.yaml", "empty.yaml: got null; expected options"],
  ["test --config broken.yaml", "broken.yaml:3: not valid YAML"],
  ["test --config value.yaml", 'value.yaml:2: read-mode: got "readindex"; did you mean "read-index"?'],
  ["test --config option.yaml", 'option.yaml:2: read_mod: no such option; did you mean "read-mode"?'],
  ["test --config knob.yaml", 'knob.yaml:3: set.preVot: no such knob of raft; did you mean "preVote"?'],
  ["test --config null.yaml", "null.yaml:1: rate: got null; expected operations a second"],
  ["test --config list-item.yaml", 'list-item.yaml:2: nemesis: got "kil"; did you mean "kill"?'],
  ["test --config twice.yaml", "twice.yaml:2: read-mode: the same option is given twice"],
  ["test --config schedule.yaml", "schedule.yaml:1: schedule: got 7; expected a file"],
  ["test --config flag.yaml", 'flag.yaml:1: shrink: got "perhaps"; expected true or false'],
  ["test --config world.yaml", 'world.yaml:4: world.network.lsoe: no such setting; did you mean "lose"?'],
  ["test --schedule broken.json", "broken.json: not valid JSON"],
  ["test --schedule option.json", 'option.json: options.nodez: no such option; did you mean "nodes"?'],
  ["test --schedule value.json", "value.json: options.nodes: got 70; expected a whole number from 1 to 15"],
  ["test --schedule fault.json", 'fault.json: faults.0.fault: got "partitoin"; did you mean "partition"?'],
  ["test --schedule field.json", 'field.json: faults.0.at: no such field; did you mean "atMs"?'],
  ["test --schedule change.json", 'faults.0.change: got {"type":"ad"}; expected a change such as'],
  ["test --schedule fault.json --nemesis kill", "fault"],
];

test.each(inputs)("keelhaul %s", async (typed, ...parts) => {
  const { code, stdout, stderr } = await keelhaul(typed.split(" "));
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^keelhaul: [^\n]+\n$/);
  expect(stderr.match(/keelhaul: /g)).toHaveLength(1);
  expect(stderr).not.toMatch(/internal error|received|Invalid input|NaN|undefined|something else|\[object |\^/);
  expect(stdout).toBe("");
  expect(code).toBe(exitCodes.usage);
});
