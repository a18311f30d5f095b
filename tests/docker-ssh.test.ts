import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlesFolder } from "../hosts/agent/bundles.ts";
import { attach } from "../hosts/attach.ts";
import type { Host } from "../hosts/host.ts";
import { probe } from "../hosts/probe.ts";
import { ensureUsable } from "../hosts/requirements.ts";
import { ssh } from "../hosts/ssh/backend.ts";
import { cleanSsh } from "../hosts/ssh/clean.ts";
import { SshConnection } from "../hosts/ssh/connection.ts";
import { createSshHost } from "../hosts/ssh/ssh-host.ts";
import { targetsOf } from "../hosts/ssh/target.ts";
import { ensureUploaded, uploadOf } from "../hosts/ssh/upload.ts";
import { dockerTestsRun } from "./docker-daemon.ts";
import { type SshdMachine, type SshdMachines, startSshd } from "./sshd-machines.ts";

const run = await dockerTestsRun("docker-ssh.test.ts");
const ports = { peer: "peers" } as const;
const trial = { program: "node:agent.mjs", args: [] };

describe.runIf(run)("machines reached by ssh", { timeout: 300_000 }, () => {
  let sshd: SshdMachines;
  beforeAll(async () => {
    sshd = await startSshd(2);
  }, 300_000);
  afterAll(() => sshd[Symbol.asyncDispose]());

  const options = (given: Readonly<Record<string, unknown>> = {}) => ({
    hosts: sshd.hosts(),
    sshKey: sshd.key,
    knownHosts: sshd.knownHosts,
    ...given,
  });

  it("tries everything on bare machines, and leaves nothing running there", async () => {
    const { requirements, capabilities } = await probe(ssh, options());
    expect(requirements.flatMap(({ finding }) => (finding.works ? [] : [finding]))).toEqual([]);
    const working = Object.entries(capabilities).flatMap(([name, { works }]) => (works ? [name] : []));
    expect(working.sort()).toEqual(Object.keys(ssh.offers).sort());
    for (const machine of sshd.machines) expect(await leftOn(machine)).toEqual([]);
  });

  it("cuts links by sudo as another user", async () => {
    await withHost(options({ hosts: sshd.hosts("deploy") }), async (host) => {
      const cut = await host.cut([["n1", "n2"]]);
      expect(cut.evidence).toMatchObject([{ subject: "n1->n2", proves: true }]);
      expect(await cut.heal()).toMatchObject([{ subject: "n1->n2", proves: true }]);
    });
    for (const machine of sshd.machines) expect(await leftOn(machine)).toEqual([]);
  });

  it("heals on the machine when its ssh server is gone, and reports it", async () => {
    const problems: string[] = [];
    const [machine] = sshd.machines as readonly [SshdMachine, SshdMachine];
    await withHost(
      options(),
      async (host) => {
        const cut = await host.cut([["n2", "n1"]]);
        expect(await rulesIn(machine)).toHaveLength(1);
        await sshd.inside(machine, "sh", "-c", killServers);
        await eventually(async () => (await rulesIn(machine)).length === 0);
        await sshd.inside(machine, "/usr/sbin/sshd");
        await eventually(async () => problems.some((problem) => problem.includes("a fault was undone early")));
        expect((await cut.heal())[0]?.observation).toContain("it had ended before");
      },
      (problem) => problems.push(problem),
    );
    expect(await leftOn(machine)).toEqual([]);
  });

  it("cleans what a killed controller left, or lets another one take over", async () => {
    const cleaned = await runOfKilledController();
    await eventually(async () => (await rulesIn(sshd.machines[1]!)).length === 0);
    const { removed, leftAlone } = await cleanSsh();
    expect(leftAlone).toEqual([]);
    const ended = removed.filter((line) => line.startsWith("ended process") && line.includes(cleaned));
    expect(ended.length).toBeGreaterThanOrEqual(2);
    for (const machine of sshd.machines) expect(await leftOn(machine)).toEqual([]);

    const runId = await runOfKilledController();
    const { host, left } = await attach(runId, () => {});
    expect((await cleanSsh()).removed).toEqual([]);
    const healed = await Promise.all(left.map((injected) => injected.heal()));
    expect(healed).toMatchObject([[{ subject: "n1->n2" }]]);
    await host.destroy();
    for (const machine of sshd.machines) expect(await leftOn(machine)).toEqual([]);
  });

  it("completes an upload that was interrupted, and replaces one that is damaged", async () => {
    const path = join(sshd.folder, "program");
    await writeFile(path, "0123456789".repeat(100_000));
    const upload = await uploadOf([{ name: "program", path }]);
    await withConnection(async (connection) => {
      const [folder, damaged] = ["/root/upload", "/root/damaged"];
      await connection.output(["mkdir", "-p", folder, damaged]);
      await connection.output(["dd", `of=${folder}/program.part`], { input: "0123456789".repeat(90_000) });
      expect(await ensureUploaded(connection, upload, folder)).toBe(100_000);
      await connection.output(["dd", `of=${damaged}/program.part`], { input: "x" });
      expect(await ensureUploaded(connection, upload, damaged)).toBe(1_999_999);
      for (const place of [folder, damaged]) {
        expect(await connection.output(["cat", `${place}/program`])).toBe(await readFile(path, "utf8"));
        expect(await ensureUploaded(connection, upload, place)).toBe(0);
      }
    });
  });

  it("refuses machines that cannot be used in one sentence, and changes nothing there", async () => {
    const [machine] = sshd.machines as readonly [SshdMachine, SshdMachine];
    const named = (user: string) => `${user}@127.0.0.1:${machine.port}`;
    const one = (given: Readonly<Record<string, unknown>> = {}) => options({ hosts: named("root"), ...given });
    const refusal = async (given: Readonly<Record<string, unknown>>, needs: ("cut" | "clock")[] = []) =>
      ensureUsable(ssh, given, needs).then(
        () => "usable",
        (error: Error) => error.message,
      );
    const before = await listing(machine);

    expect(await refusal({})).toBe("ssh: no hosts are given; name them by --hosts user@host:port,… or --hosts-file");
    expect(await refusal(one({ hosts: "root@127.0.0.1:1" }))).toBe(
      "ssh: root@127.0.0.1:1 cannot be reached: ECONNREFUSED; check the address, and that sshd runs there",
    );
    const otherKey = await sshd.newKey("other");
    expect(await refusal(one({ sshKey: otherKey }))).toBe(
      `ssh: ${named("root")} rejected every key that was offered; check the user, --ssh-key and its authorized_keys`,
    );
    const known = join(sshd.folder, "other_known_hosts");
    expect(await refusal(one({ knownHosts: known }))).toBe(
      `ssh: the host key of ${named("root")} is not in ${known}; log in with ssh once, or give --host-keys accept-new`,
    );
    const publicKey = (await readFile(`${otherKey}.pub`, "utf8")).split(" ").slice(0, 2).join(" ");
    await appendFile(known, `[127.0.0.1]:${machine.port} ${publicKey}\n`);
    for (const hostKeys of ["known", "accept-new"]) {
      expect(await refusal(one({ knownHosts: known, hostKeys }))).toBe(
        `ssh: the host key of ${named("root")} differs from the one in ${known}; check the machine, then remove its old key from the file`,
      );
    }
    expect(await refusal(one({ hosts: named("guest") }), ["cut"])).toMatch(
      /^cut on ssh: guest@\S+ has no sudo without a password \(sudo: .*\); install iptables there/,
    );
    await without(machine, "/usr/sbin/iptables", async () => {
      expect(await refusal(one(), ["cut"])).toMatch(
        /^cut on ssh: root@\S+ cannot use iptables \(.*not found\); install/,
      );
      expect(await refusal(one())).toBe("usable");
    });
    await without(machine, "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", async () => {
      expect(await refusal(one(), ["clock"])).toBe(
        `clock on ssh: ${named("root")} has no libfaketime; install libfaketime there (on Debian: apt install libfaketime)`,
      );
    });
    await without(machine, "/usr/bin/uname", async () => {
      await sshd.inside(
        machine,
        "sh",
        "-c",
        "printf '#!/bin/sh\\necho Linux riscv64\\n' >/usr/bin/uname; chmod 755 /usr/bin/uname",
      );
      expect(await refusal(one())).toBe(
        `ssh: ${named("root")} has no Node 24 or newer, and this machine's own does not run on riscv64; install Node 24 or newer there`,
      );
    });
    expect(await listing(machine)).toBe(before);
  });

  it("adds an unknown host key where that is asked for, and knows it from then on", async () => {
    const knownHosts = join(sshd.folder, "new_known_hosts");
    await ensureUsable(ssh, options({ knownHosts, hostKeys: "accept-new" }));
    await ensureUsable(ssh, options({ knownHosts }));
  });

  it("refuses fewer machines than nodes", async () => {
    await expect(ensureUsable(ssh, options(), [], 3)).rejects.toThrow(
      "ssh: --hosts names 2 machines for 3 nodes; add hosts or give --nodes 2",
    );
    const made = createSshHost({ runId: newRunId(), nodes: ["n1", "n2", "n3"], ports, options: options() });
    await expect(made).rejects.toThrow("--hosts names 2 machines for 3 nodes; add hosts or give --nodes 2");
  });

  async function withHost(
    given: Readonly<Record<string, unknown>>,
    story: (host: Host<keyof typeof ports>) => Promise<void>,
    onProblem: (problem: string) => void = () => {},
  ): Promise<void> {
    const host = await createSshHost({ runId: newRunId(), nodes: ["n1", "n2"], ports, options: given, onProblem });
    try {
      for (const { id, addresses, secret } of host.nodes) {
        const config = { listen: addresses.listen.peer, token: secret, leaseMs: 3000 };
        await host.start(id, { ...trial, env: { KEELHAUL_AGENT: JSON.stringify(config) } });
      }
      await story(host);
    } finally {
      await host.destroy();
    }
  }

  async function withConnection(story: (connection: SshConnection) => Promise<void>): Promise<void> {
    const [target] = await targetsOf(options());
    const connection = new SshConnection(target!);
    try {
      await story(connection);
    } finally {
      await connection.close();
    }
  }

  /** Takes a file away from a machine for as long as the story lasts. */
  async function without(machine: SshdMachine, file: string, story: () => Promise<void>): Promise<void> {
    await sshd.inside(machine, "mv", file, "/absent");
    try {
      await story();
    } finally {
      await sshd.inside(machine, "mv", "/absent", file);
    }
  }

  function listing(machine: SshdMachine): Promise<string> {
    return sshd.inside(machine, "find", "/root", "/home", "-newer", "/ready", "-not", "-path", "/root/.keelhaul*");
  }

  /** The processes, rules and folders of any run. */
  async function leftOn(machine: SshdMachine): Promise<string[]> {
    const find = "find /proc -maxdepth 2 -name environ -exec grep -lz KEELHAUL_RUN= {} + 2>/dev/null";
    const folders = "find /root/.keelhaul/runs /home/*/.keelhaul/runs -mindepth 1 -maxdepth 1 2>/dev/null";
    const found = await sshd.inside(machine, "sh", "-c", `${find}; ${folders}; true`);
    return [...found.split("\n").filter((line) => line !== ""), ...(await rulesIn(machine))];
  }

  async function rulesIn(machine: SshdMachine): Promise<string[]> {
    const rules = await sshd.inside(machine, "iptables", "-w", "-S", "INPUT");
    return rules.split("\n").filter((rule) => rule.includes("keelhaul:"));
  }

  /** The run of a controller that was killed while it had cut an edge. */
  async function runOfKilledController(): Promise<string> {
    const runId = newRunId();
    const doomed = spawn(process.execPath, ["--input-type=module", "-e", doomedController(runId)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(doomed.stdout, "data");
    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    return runId;
  }

  function doomedController(runId: string): string {
    const module = new URL("../hosts/ssh/ssh-host.ts", import.meta.url).href;
    const given = { runId, nodes: ["n1", "n2"], ports, options: options(), bundles: bundlesFolder() };
    return `
      const { createSshHost } = await import(${JSON.stringify(module)});
      const host = await createSshHost(${JSON.stringify(given)});
      await host.cut([["n1", "n2"]]);
      process.stdin.resume(); // lives as long as the test does
      console.log("cut");`;
  }
});

/** The servers of all sessions as well; a bare machine has no pkill. */
const killServers = `for comm in /proc/[0-9]*/comm; do
  if [ "$(cat $comm 2>/dev/null)" = sshd ]; then kill -9 "$(basename "$(dirname $comm)")"; fi
done`;

let runs = 0;
function newRunId(): string {
  runs += 1;
  return `ssh-test-${process.pid}-${runs}`;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error("did not come true");
}
