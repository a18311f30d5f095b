import { expect, test } from "vitest";
import type { UsageError } from "../../errors/errors.ts";
import type { Backend } from "../../hosts/backend.ts";
import { raft } from "../../sut/raft/system.ts";
import { workloads } from "../../workloads/registry.ts";
import { makePlan } from "./plan.ts";
import { commandLine } from "./repeat.ts";
import { selectFaults } from "./select-faults.ts";
import { testRecord } from "./test-record.ts";

const five = ["n1", "n2", "n3", "n4", "n5"];

test("without options: five Raft nodes here, four clients a node, no faults, linearizable reads", () => {
  const plan = makePlan({}, 42);
  expect(plan.nodes).toEqual(["n1", "n2", "n3", "n4", "n5"]);
  expect(plan).toMatchObject({
    name: "register",
    readMode: "read-index",
    concurrency: 20,
    rate: 200,
    seed: 42,
    faults: [],
  });
  expect(plan).toMatchObject({ timeLimitMs: 60_000, store: "store" });
  expect(plan.backend.name).toBe("local");
});

test("options mean the same as words of a command line and as values of a program", () => {
  const words = makePlan(
    { nodes: "3", timeLimit: "1m30s", nemesis: "kill,pause", rate: "0", concurrency: "4n", seed: "7" },
    0,
  );
  const values = makePlan(
    { nodes: 3, timeLimit: 90_000, nemesis: ["kill", "pause"], rate: 0, concurrency: 12, seed: 7 },
    0,
  );
  expect(words).toEqual(values);
});

test("all faults, one variant of a fault, and only the variants that so few nodes allow", () => {
  const namesOf = (nemesis: string, nodes = 5) =>
    makePlan({ nemesis, nodes }, 0).faults.map(({ fault, variants }) => [fault.name, variants.map(({ name }) => name)]);
  expect(namesOf("all").map(([name]) => name)).toEqual([
    "partition",
    "kill",
    "pause",
    "suspend",
    "clock",
    "hog",
    "slow",
    "lossy",
    "rate",
    "reset",
    "membership",
    "churn",
    "transfer",
  ]);
  expect(namesOf("partition:ring")).toEqual([["partition", ["ring"]]]);
  expect(namesOf("partition", 3).flat(2)).not.toContain("ring");
});

test("a fault that the backend cannot do is refused with what it lacks, and where it works", () => {
  const crippled = { kind: "machines", name: "cardboard", offers: { kill: {} } } as unknown as Backend;
  expect(() => selectFaults(["kill"], five, crippled, raft)).not.toThrow();
  expect(() => selectFaults(["kill", "partition"], five, crippled, raft)).toThrow(
    "--nemesis: partition needs cut, which the cardboard backend does not support; use --backend local or docker or ssh or sim",
  );
});

test("a fault that the backend can never show is refused with the reason", () => {
  expect(() => makePlan({ nemesis: "reorder" }, 0)).toThrow(
    "--nemesis: reorder needs link-reorder, which the local backend does not support (the link proxy carries byte streams, which TCP keeps in order); use --backend docker or sim",
  );
});

test("what is known not to work on this machine is left out of all", () => {
  const missing = () => "the kernel lacks it";
  const offers = { kill: {}, "link-slow": { missing }, "link-rate": { missing: () => null } };
  const backend = { kind: "machines", name: "steel", offers } as unknown as Backend;
  expect(
    selectFaults(["all"], five, backend, { name: "simple", ports: { peer: "peers" } }).map(({ fault }) => fault.name),
  ).toEqual(["kill", "rate"]);
});

test("a change to the cluster is refused where the system does not offer it, and left out of all", () => {
  const backend = {
    kind: "machines",
    name: "steel",
    offers: { kill: {}, pause: {}, cut: {}, "disk-slow": {} },
  } as unknown as Backend;
  const simple = { name: "simple", ports: { peer: "peers" } } as const;
  expect(() => selectFaults(["transfer"], five, backend, simple)).toThrow(
    "--nemesis: transfer is a change to the cluster, which system simple does not support; choose another",
  );
  const all = selectFaults(["all"], five, backend, simple).map(({ fault }) => fault.name);
  expect(all).toEqual(["partition", "kill", "pause", "suspend", "disk"]);
  expect(selectFaults(["disk"], five, backend, simple)).toMatchObject([{ variants: [{ name: "slow" }] }]);
  expect(() => selectFaults(["disk:flip"], five, backend, simple)).toThrow(
    "--nemesis: disk needs disk-flip, which the steel backend does not support; use --backend local or docker or ssh",
  );
  expect(() => selectFaults(["disk:flip"], five, backend, raft)).toThrow(
    /does not support; use --backend local or .* or sim/,
  );
  const apart = { name: "apart", ports: { web: "clients" } } as const;
  expect(selectFaults(["all"], five, backend, apart).map(({ fault }) => fault.name)).not.toContain("partition");
  expect(() => selectFaults(["partition"], five, backend, apart)).toThrow(
    "--nemesis: partition hits links between nodes, and system apart has no port for peers; choose another fault",
  );
});

test("faults of different kinds may happen together", () => {
  const { faults } = makePlan({ nemesis: "partition:bridge+kill:restart" }, 0);
  expect(faults).toMatchObject([{ fault: { name: "partition" }, meanwhile: [{ variants: [{ name: "restart" }] }] }]);
  for (const word of ["partition:one+partition:ring", "kill+transfer"]) {
    expect(() => makePlan({ nemesis: word }, 0)).toThrow(
      `--nemesis: got "${word}"; expected different ones of partition, `,
    );
  }
});

test("faults that break the same nodes and edges may happen together", () => {
  const { faults } = makePlan({ nemesis: "kill:one+pause:one+suspend:one" }, 0);
  expect(faults).toMatchObject([
    { fault: { name: "kill" }, meanwhile: [{ fault: { name: "pause" } }, { fault: { name: "suspend" } }] },
  ]);
});

test("a fault may name whom it hits, and its times; repeated, the command says the same", () => {
  const words = "pause:followers,kill:n1.n3@5s,clock:jump:n2@1500ms/10s,partition@/7s,transfer@4s";
  const plan = makePlan({ nemesis: words }, 0);
  expect(plan.faults.map(({ variants, timing }) => [variants.map(({ name }) => name).join(), timing])).toEqual([
    ["followers", undefined],
    ["n1.n3", { intervalMs: 5000 }],
    ["jump:n2", { intervalMs: 1500, durationMs: 10_000 }],
    [expect.stringContaining("halves"), { durationMs: 7000 }],
    ["any", { intervalMs: 4000 }],
  ]);
  const fields = [
    { fault: "pause", target: "followers" },
    { fault: "kill", target: ["n1", "n3"], interval: "5s" },
    { fault: "clock", variant: "jump", target: "n2", interval: "1.5s", duration: 10_000 },
    { fault: "partition", duration: "7s" },
    "transfer@4s",
  ];
  expect(makePlan({ nemesis: fields }, 0).nemesis).toEqual(words.split(","));
  expect(commandLine(plan)).toContain(`--nemesis ${words} `);
  expect(testRecord(plan, new Date(0))).toMatchObject({ nemesis: words.split(","), changed: ["nemesis"] });
});

test.each([
  [
    "kill:half",
    'kill has no variant "half"; expected one of leader, one, minority, all, restart, power, or a target: ',
  ],
  ["kill:n6", "followers, majority, or nodes such as n1 or n1.n2"],
  ["kill:n1.n1", 'kill has no variant "n1.n1"'],
  ["kill:leader:n1", 'kill has no variant "n1"; expected no target: variant leader chooses its nodes itself'],
  [
    "clock:jump:follower",
    'clock has no variant "follower"; did you mean "followers"? Expected one of leader, followers',
  ],
  ["transfer:n2", 'transfer has no variant "n2"; expected one of any'],
  ["transfer@5s/1s", 'got "transfer@5s/1s"; a transfer is instantaneous and takes no duration, only an interval'],
  ["kill@", 'got "kill@"; expected an interval and a duration after @, such as partition:leader@5s/10s, @5s or @/10s'],
  ["kill@5s/", 'got "kill@5s/"; expected an interval and a duration after @'],
  ["kill@5s/1s/1s", 'got "kill@5s/1s/1s"; expected an interval and a duration after @'],
  ["kill@5s/1.5ms", 'got "kill@5s/1.5ms"; expected an interval and a duration after @'],
  ["all@5s", 'got "all@5s"; expected the name of a fault before @'],
  ["kill+pause@5s", 'got "kill+pause@5s"; expected @ only after the first of several faults'],
])("--nemesis %s is refused with what was expected", (nemesis, sentence) => {
  expect(() => makePlan({ nemesis }, 0)).toThrow(sentence);
});

test.each([
  [
    { fault: "kill", every: "5s" },
    "--nemesis 1.every: no such field of a fault; known are fault, variant, target, interval, duration",
  ],
  [
    { fault: "kill", interval: "soon" },
    '--nemesis 1.interval: got "soon"; expected a duration such as 30s, 5m or 1h30m',
  ],
  [{ variant: "leader" }, "--nemesis 1.fault: is missing; expected a fault's name such as partition"],
  [
    7,
    "--nemesis 1: got 7; expected a fault such as partition:leader@5s/10s, or its fields such as {fault: kill, target: n2}",
  ],
])("a fault of the fields %j is refused by its place", (fault, sentence) => {
  expect(() => makePlan({ nemesis: ["pause", fault] }, 0)).toThrow(sentence);
});

test("a fault whose interval and duration leave no time to recover needs a longer run", () => {
  expect(() => makePlan({ nemesis: "kill@20s/30s", timeLimit: "50s" }, 0)).toThrow(
    "--time-limit: got 50s; a run with kill, and time to recover from one, needs 53s",
  );
});

test("faults of a disk happen on machines only where a variant is named", () => {
  const faultsOf = (nemesis: string, backend: string) =>
    makePlan({ nemesis, backend }, 0).faults.map(({ fault, variants }) => [
      fault.name,
      ...variants.map(({ name }) => name),
    ]);
  expect(faultsOf("disk:flip", "local")).toEqual([["disk", "flip"]]);
  expect(faultsOf("disk:torn:n2", "local")).toEqual([["disk", "torn:n2"]]);
  expect(faultsOf("all", "local").map(([name]) => name)).not.toContain("disk");
  expect(faultsOf("disk", "sim")).toEqual([["disk", "full", "error", "slow", "flip"]]);
  expect(() => faultsOf("disk", "local")).toThrow(
    /disk on local happens only where a variant is named: disk:full, disk:error, disk:flip, disk:torn/,
  );
});

test("clocks are settable only where faults set them, and a run sets either wall or monotonic clocks", () => {
  const clocksOf = (nemesis: string, backend = "local") => makePlan({ nemesis, backend }, 0).clocks;
  expect(clocksOf("partition,kill")).toBeUndefined();
  expect([clocksOf("clock"), clocksOf("partition+clock:jump"), clocksOf("all")]).toEqual(["wall", "wall", "wall"]);
  expect(clocksOf("clock:monotonic-drift+partition:leader")).toBe("both");
  expect(clocksOf("clock:jump,clock:monotonic-drift", "sim")).toBe("both");
  expect(() => clocksOf("clock:jump,clock:monotonic-drift")).toThrow(
    "--nemesis: a run sets either wall clocks alone or monotonic clocks, as libfaketime moves both together",
  );
  const traced = { nemesis: "clock:monotonic-drift", set: { trace: true } };
  expect(() => makePlan(traced, 0)).toThrow("changes the clocks by which the traces of nodes are put in order");
  expect(makePlan({ nemesis: "clock", backend: "sim" }, 0).world).toEqual({ clocks: { driftPercent: 0, offsetMs: 0 } });
});

test("a system in this process gets no machines, and no faults", () => {
  expect(makePlan({ system: "memory", set: { bug: "stale-replica" } }, 0)).toMatchObject({
    backend: { name: "in-process" },
    readMode: "atomic",
    knobs: { bug: "stale-replica" },
  });
  const refusals = [
    { system: "memory", nemesis: "kill" },
    { system: "memory", backend: "local" },
    { backend: "in-process" },
    { system: "memory", backend: "sim", failFast: true },
    { system: "memory", backend: "sim", nemesis: "pause" },
    { system: "memory", nemesis: "all" },
    { system: "memory", readMode: "lease" },
  ].map((options) => {
    try {
      return makePlan(options, 0);
    } catch (error) {
      return (error as UsageError).message;
    }
  });
  expect(refusals).toEqual([
    "--nemesis: kill needs kill, which the in-process backend does not support; choose another fault or system",
    '--backend: got "local"; system memory runs only on in-process or sim',
    '--backend: got "in-process"; system raft needs machines, which in-process does not have',
    "--fail-fast: no effect on simulated runs, which are checked when they finish; omit it",
    "--nemesis: pause needs pause, which system memory in virtual time does not support; choose another fault or system",
    '--nemesis: got "all"; the in-process backend supports no fault; choose another backend or system',
    '--read-mode: got "lease"; expected one that memory has: atomic',
  ]);
});

test("the consistency of transactions is the plan's, where a checker asks for it", () => {
  expect(makePlan({ workload: "append", consistency: "snapshot-isolation" }, 0).consistency).toEqual([
    "snapshot-isolation",
  ]);
  expect(() => makePlan({ consistency: "snapshot-isolation" }, 0)).toThrow(
    "--consistency: no effect on workload register; it works with append, wr",
  );
  expect(() => makePlan({ workload: "append", consistency: "casual" }, 0)).toThrow(
    /^--consistency: got "casual"; did you mean "causal"\? Expected some of read-uncommitted, /,
  );
});

test("the command of a plan makes the same plan again", () => {
  const set = { checkQuorum: "false" };
  const repeated = { nemesis: "partition:leader", nemesisSeed: 4, nodes: 3, set, timeLimit: "30s" };
  const plan = makePlan(repeated, 9);
  const command = commandLine(plan);
  expect(command).toContain("--set checkQuorum=false");
  const words = command.split(" ").slice(3);
  const options: Record<string, unknown> = {};
  for (let place = 0; place < words.length; place += 2) {
    const name = words[place]!.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = words[place + 1]!;
    options[name] = name === "set" ? Object.fromEntries([value.split("=")]) : value;
  }
  expect(makePlan(options, 1)).toEqual(plan);
});

test("a mutant brings the configuration in which it shows, as far as options say nothing else", () => {
  const plan = makePlan({ mutant: "M24", nodes: 3, set: { noop: "true" } }, 0);
  expect(plan.mutant).toMatchObject({ id: "M24", name: "commit-old-term" });
  expect(plan).toMatchObject({
    nodes: ["n1", "n2", "n3"],
    nemesis: ["partition:rotating"],
  });
  expect(plan.knobs).toMatchObject({ noop: true, maxEntriesPerAppend: 1, preVote: false });
  const command = commandLine(plan);
  expect(command).toContain("--mutant M24");
  expect(command).toContain("--set noop=true");
});

test("a mutant's world is that of a simulated run; on machines it is as it is", () => {
  const world = { disk: { losesUnsynced: true } };
  expect(makePlan({ mutant: "M29", backend: "sim" }, 0).world).toMatchObject(world);
  expect(makePlan({ mutant: "M29" }, 0)).not.toHaveProperty("world");
  expect(commandLine(makePlan({ backend: "sim", world }, 0))).toContain(`--world '{"disk":{"losesUnsynced":true}}'`);
  expect(() => makePlan({ world }, 0)).toThrow("--world: works only with --backend sim; this run uses local");
  expect(() => makePlan({ backend: "sim", world: { network: { lose: 2 } } }, 0)).toThrow(
    /^--world network.lose: got 2; /,
  );
});

test("an unknown mutant is refused with those that the store has", () => {
  expect(() => makePlan({ mutant: "M99" }, 0)).toThrow(
    /^--mutant: got "M99"; .*xpected one of the \d+ mutants of raft, M01 to /,
  );
  expect(() => makePlan({ mutant: "M01", system: "memory" }, 0)).toThrow(
    '--mutant: got "M01"; system memory has no mutants',
  );
});

test("a record says which settings differ from a plan without options", () => {
  const at = new Date(0);
  expect(testRecord(makePlan({}, 1), at).changed).toEqual([]);
  expect(testRecord(makePlan({ system: "memory" }, 1), at).changed).toEqual([]);
  const options = { readMode: "local", nemesis: "kill", nodes: 3, set: { electionTimeoutMs: 700 } };
  expect(testRecord(makePlan(options, 1), at).changed).toEqual([
    ...["nodes", "readMode", "concurrency", "nemesis"],
    "knobs.electionTimeoutMs",
  ]);
  expect(testRecord(makePlan({ mutant: "M24" }, 1), at).changed).toContain("mutant");
});

test("a record of a system that is an object of a class, and lacks what the usual workload needs, says what differs", () => {
  class Logs {
    readonly name = "logs";
    readonly ports = { http: "clients" } as const;
    readonly operations = new Set(["append", "read"] as const);
    readonly readModes = ["any"];
    readonly defaultReadMode = "any";
    readonly #detectionMs = 700;
    failureDetectionMs() {
      return this.#detectionMs;
    }
    processes() {
      return [];
    }
    async ping() {}
    client(): never {
      throw new Error("no client is needed");
    }
  }
  const workload = workloads.find(({ operations }) =>
    operations.every((each) => each === "append" || each === "read"),
  )!;
  const plan = makePlan({ system: "logs", workload: workload.name }, 1, [new Logs()]);
  expect(testRecord(plan, new Date(0))).toMatchObject({ electionTimeoutMs: 700, changed: ["workloads"] });
});
