import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attach } from "../hosts/attach.ts";
import type { Offer } from "../hosts/backend.ts";
import { docker as dockerBackend } from "../hosts/docker/backend.ts";
import { cleanDocker } from "../hosts/docker/clean.ts";
import { createDockerHost } from "../hosts/docker/docker-host.ts";
import { ensureImage, imageName } from "../hosts/docker/image.ts";
import type { Host } from "../hosts/host.ts";
import { probe } from "../hosts/probe.ts";
import { ensureUsable } from "../hosts/requirements.ts";
import { dockerTestsRun } from "./docker-daemon.ts";

/** Where the nodes listen. */
const ports = { peer: "peers", http: "clients" } as const;

/**
 * A node that says something to each peer ten times a second, on a connection that it dials anew when it is lost, and
 * tells over HTTP how often it heard each peer.
 */
const chattyNode = `
import { connect, createServer } from "node:net";
import { createServer as createHttp } from "node:http";
const { self, listen, peers } = JSON.parse(process.argv[2]);
const heard = {};
createServer((socket) => {
  socket.on("error", () => {}).on("data", (data) => { for (const from of data.toString().trim().split("\\n")) heard[from] = (heard[from] ?? 0) + 1; });
}).listen(listen.peer.port, listen.peer.host);
createHttp((_, response) => response.end(JSON.stringify(heard))).listen(listen.http.port, listen.http.host);
for (const { peer } of Object.values(peers)) {
  const dial = () => {
    const socket = connect(peer).on("error", () => {}).on("close", () => { clearInterval(timer); setTimeout(dial, 100); });
    const timer = setInterval(() => socket.writable && !socket.connecting && socket.write(self + "\\n"), 100);
  };
  dial();
}
console.log(self, "started");
`;

const docker = new Docker();
const run = await dockerTestsRun("docker.test.ts");

describe.runIf(run)("the docker host", { timeout: 300_000 }, () => {
  let bundles: string;
  beforeAll(async () => {
    bundles = await mkdtemp(join(tmpdir(), "keelhaul-docker-"));
    await writeFile(join(bundles, "chatty.mjs"), chattyNode);
    const file = join(bundles, "agent.mjs");
    await build({ input: "hosts/agent/main.ts", platform: "node", output: { file, format: "esm" } });
    await ensureImage(() => {});
  }, 300_000);
  afterAll(() => rm(bundles, { recursive: true, force: true }));

  it("cuts one direction, and shows that the other still passes", async () => {
    await withCluster(["n1", "n2", "n3"], async (host, heardBy) => {
      await changes(() => heardBy("n2"), ["n1", "n3"]);
      const cut = await host.cut([["n1", "n2"]]);
      expect(cut.evidence).toMatchObject([{ subject: "n1->n2", proves: true }]);
      expect(cut.evidence[0]?.observation).toMatch(/^probe unanswered after \d+ ms; [1-9]\d* packets dropped$/);
      const during = await heardBy("n2");
      await changes(() => heardBy("n1"), ["n2"]); // so n2 is heard, on a connection whose acknowledgements n1 sends
      await changes(() => heardBy("n2"), ["n3"]);
      expect((await heardBy("n2"))["n1"]).toBe(during["n1"]);
      const mended = await cut.heal();
      expect(mended).toMatchObject([{ subject: "n1->n2", proves: true }]);
      expect(mended[0]?.observation).toMatch(/^probe connected after \d+ ms; [1-9]\d* packets dropped before$/);
      await changes(() => heardBy("n2"), ["n1"]);
    });
  });

  it("says what its image consists of", async () => {
    await withCluster(["n1"], async (host) => {
      const { engine, image, packages } = host.versions!;
      expect(engine).toMatch(/^Docker Engine \d+/);
      expect(image).toEqual({ name: imageName(), id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
      expect(packages["iptables"]).toMatch(/^\d/);
    });
  });

  it("runs nodes in an image of the user's own, whatever that would start", async () => {
    const [repo, tag] = ["keelhaul-test-own", String(process.pid)];
    await docker.getImage(imageName()).tag({ repo, tag });
    try {
      const options = { image: `${repo}:${tag}` };
      await ensureUsable(dockerBackend, options);
      const { capabilities } = await probe(dockerBackend, options);
      expect(capabilities.cut).toMatchObject({ works: true });
    } finally {
      await docker.getImage(`${repo}:${tag}`).remove();
    }
    await expect(ensureUsable(dockerBackend, { image: "keelhaul-test-absent:1" })).rejects.toThrow(
      "docker: there is no image keelhaul-test-absent:1; build or pull it, or omit --image",
    );
  });

  it("pauses, hogs, kills and starts again, with evidence", async () => {
    await withCluster(["n1", "n2"], async (host, heardBy, start) => {
      const pause = await host.inject("n1", { kind: "pause" });
      expect(pause.evidence[0]?.observation).toMatch(/^pid \d+ in state T \(\d+ threads\)$/);
      expect(await pause.heal()).toMatchObject([{ proves: true }]);
      const hog = await host.inject("n2", { kind: "hog" });
      expect(hog.evidence[0]?.observation).toMatch(/^\d+ busy process(es)? used [1-9]\d+ ms of CPU in \d+ ms$/);
      expect([...hog.evidence, ...(await hog.heal())].map(({ proves }) => proves)).toEqual([true, true]);
      expect((await host.kill("n2")).observation).toMatch(/^pid \d+ gone after SIGKILL$/);
      expect(await host.alive("n2")).toBe(false);
      expect(await host.alive("n1")).toBe(true);
      const cut = await host.cut([["n1", "n2"]]);
      expect(cut.evidence).toMatchObject([{ proves: true, observation: expect.stringContaining("n2 has no process") }]);
      expect((await cut.heal())[0]?.observation).toMatch(/^probe refused .*n2 has no process$/);
      expect(await start("n2")).toMatchObject({ proves: true });
      await changes(() => heardBy("n1"), ["n2"]);
    });
  });

  it("collects logs, and leaves nothing labelled behind", async () => {
    const logs = await mkdtemp(join(tmpdir(), "keelhaul-logs-"));
    const runId = await withCluster(["n1", "n2"], async (host) => {
      await host.collectLogs(logs);
      expect(await readFile(join(logs, "n1.log"), "utf8")).toBe("n1 started\n");
      await host.destroy();
    });
    expect(await labelled(runId)).toEqual([]);
    await rm(logs, { recursive: true });
  });

  it("mends by itself when the controller is killed, and cleaning removes the rest", async () => {
    const runId = await runOfKilledController(bundles);
    const logs = logsOf(bundles, runId);
    await eventually(async () => (await rulesIn(`keelhaul-${runId}-n2`)).length === 0);
    const { removed: lines, kept } = await cleanDocker();
    for (const node of ["n1", "n2"]) {
      expect(lines).toContain(`removed container keelhaul-${runId}-${node} of run ${runId}`);
      expect(kept).toContain(`kept the logs of ${node} of run ${runId} in ${logs}`);
    }
    expect(await labelled(runId)).toEqual([]);
    expect(await readdir(logs)).toEqual(["n1.log"]);
    expect(await readFile(join(logs, "n1.log"), "utf8")).toBe("n1 started\n");
  });

  it("says which logs are lost when a container of a killed run is stopped, and removes it", async () => {
    const runId = await runOfKilledController(bundles);
    await docker.getContainer(`keelhaul-${runId}-n1`).stop({ t: 0 });
    const { removed: lines, leftAlone } = await cleanDocker();
    expect(lines).toContain(`removed container keelhaul-${runId}-n1 of run ${runId}`);
    expect(leftAlone).toContainEqual(
      expect.stringMatching(`^could not keep the logs of n1 of run ${runId}: agent at .* had no answer$`),
    );
    expect(await labelled(runId)).toEqual([]);
  });

  it("lets another controller take over when the first is killed", async () => {
    const runId = await runOfKilledController(bundles);
    const { host, left } = await attach(runId, () => {});
    expect((await cleanDocker()).removed.filter((line) => line.includes(runId))).toEqual([]);
    const healed = await Promise.all(left.map((injected) => injected.heal()));
    expect(healed).toMatchObject([[{ subject: "n1->n2", observation: expect.stringMatching(/^probe refused/) }]]);
    await host.destroy();
    expect(await labelled(runId)).toEqual([]);
  });

  it("finds this machine fit", async () => {
    const { requirements, capabilities } = await probe(dockerBackend);
    expect(requirements.every(({ finding }) => finding.works)).toBe(true);
    const working = Object.entries(capabilities).flatMap(([name, { works }]) => (works ? [name] : []));
    const offers: readonly (readonly [string, Offer])[] = Object.entries(dockerBackend.offers);
    // A kernel without sch_netem is known not to delay, double or reorder packets.
    const possible = offers.filter(([, { missing }]) => (missing?.() ?? null) === null).map(([name]) => name);
    expect(working.sort()).toEqual(possible.sort());
    expect(working).toEqual(expect.arrayContaining(["cut", "kill", "pause", "link-lossy", "link-rate", "link-reset"]));
  });

  type Heard = Readonly<Record<string, number>>;
  type Story = (
    host: Host<keyof typeof ports>,
    heardBy: (node: string) => Promise<Heard>,
    start: Host["kill"],
  ) => Promise<void>;

  async function withCluster(nodes: readonly string[], story: Story): Promise<string> {
    const runId = newRunId();
    const host = await createDockerHost({ runId, nodes, ports, bundles });
    const nodeOf = (id: string) => host.nodes.find((node) => node.id === id)!;
    const start = (id: string) => {
      const { listen, peers } = nodeOf(id).addresses;
      return host.start(id, {
        program: "node:chatty.mjs",
        args: [JSON.stringify({ self: id, listen, peers })],
        env: {},
      });
    };
    const heardBy = async (id: string) => {
      const { host: address, port } = nodeOf(id).addresses.reach.http;
      return (await (await fetch(`http://${address}:${port}`)).json()) as Heard;
    };
    try {
      for (const node of nodes) await start(node);
      for (const node of nodes)
        await eventually(() =>
          heardBy(node).then(
            () => true,
            () => false,
          ),
        );
      await story(host, heardBy, start);
    } finally {
      await host.destroy();
    }
    return runId;
  }

  async function changes(look: () => Promise<Heard>, keys: readonly string[]): Promise<void> {
    const before = await look();
    await eventually(async () => {
      const now = await look();
      return keys.every((key) => (now[key] ?? 0) > (before[key] ?? 0));
    });
  }
});

let runs = 0;
function newRunId(): string {
  runs += 1;
  return `test-${process.pid}-${runs}`;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error("did not come true");
}

/** Whatever is left in the engine of a run, by label. */
async function labelled(runId: string): Promise<string[]> {
  const filters = { label: [`keelhaul.run=${runId}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  const networks = await docker.listNetworks({ filters });
  return [...containers.map(({ Id }) => Id), ...volumes.map(({ Name }) => Name), ...networks.map(({ Name }) => Name)];
}

/** The packet filter rules of Keelhaul's inside a container, as iptables lists them. */
async function rulesIn(container: string): Promise<string[]> {
  const listing = spawn("docker", ["exec", container, "iptables", "-w", "-S", "INPUT"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks = await listing.stdout.setEncoding("utf8").toArray();
  return chunks
    .join("")
    .split("\n")
    .filter((line) => line.includes("keelhaul:"));
}

function logsOf(bundles: string, runId: string): string {
  return join(bundles, `${runId}-logs`);
}

/** The run of a controller that was killed while it had cut an edge and run a node. */
async function runOfKilledController(bundles: string): Promise<string> {
  const runId = newRunId();
  const controller = spawn(process.execPath, ["--input-type=module", "-e", doomedController(runId, bundles)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(controller.stdout, "data");
  controller.kill("SIGKILL");
  await once(controller, "exit");
  return runId;
}

function doomedController(runId: string, bundles: string): string {
  const module = new URL("../hosts/docker/docker-host.ts", import.meta.url).href;
  return `
    const { createDockerHost } = await import(${JSON.stringify(module)});
    const host = await createDockerHost({ runId: ${JSON.stringify(runId)}, nodes: ["n1", "n2"], ports: { peer: "peers" }, bundles: ${JSON.stringify(bundles)}, logsFolder: ${JSON.stringify(logsOf(bundles, runId))} });
    const { listen, peers } = host.nodes[0].addresses;
    await host.start("n1", { program: "node:chatty.mjs", args: [JSON.stringify({ self: "n1", listen: { ...listen, http: { host: "127.0.0.1", port: 8999 } }, peers })] });
    const { evidence: [evidence] } = await host.cut([["n1", "n2"]]);
    process.stdin.resume(); // lives as long as the test does
    console.log(JSON.stringify(evidence));`;
}
