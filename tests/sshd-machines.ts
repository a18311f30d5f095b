import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const image = "keelhaul-sshd:1";
const startedWithinMs = 30_000;
const pollMs = 100;

/** Users that every machine has, and may log in as: one may use sudo for iptables, one may not use it at all. */
export const users = { root: "root", deploy: "deploy", guest: "guest" } as const;

/** A container that is as bare as a fresh Debian machine, and runs sshd. */
export interface SshdMachine {
  readonly container: string;
  readonly port: number;
}

/** Containers with sshd on a network of their own, and what it takes to log in to them. */
export interface SshdMachines extends AsyncDisposable {
  readonly machines: readonly SshdMachine[];
  readonly folder: string;
  readonly key: string;
  readonly knownHosts: string;
  /** Makes another key, which no machine knows; answers its file. */
  newKey(name: string): Promise<string>;
  /** As `--hosts` takes them. */
  hosts(user?: keyof typeof users): string;
  /** Runs a program inside a machine, as root, without ssh; answers what it printed. */
  inside(machine: SshdMachine, ...args: readonly string[]): Promise<string>;
}

const setUp = `
ssh-keygen -A >/dev/null
for user in deploy guest; do useradd --create-home --shell /bin/sh $user; done
echo 'deploy ALL=(root) NOPASSWD: /usr/sbin/iptables, /usr/bin/true' >/etc/sudoers.d/deploy
for home in /root /home/deploy /home/guest; do
  mkdir -p -m 700 $home/.ssh
  printf '%s' "$KEY" >$home/.ssh/authorized_keys
  chown -R --reference $home $home/.ssh
done
mkdir -p /run/sshd
/usr/sbin/sshd
touch /ready
exec sleep infinity`;

export async function startSshd(count: number): Promise<SshdMachines> {
  await run("docker/sshd-image.sh", [image]);
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-sshd-"));
  const newKey = async (name: string) => {
    const file = join(folder, name);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
    return file;
  };
  const key = await newKey("id_ed25519");
  const publicKey = await readFile(`${key}.pub`, "utf8");
  const network = folder.split("/").at(-1)!;
  await docker("network", "create", network);
  const containers = Array.from({ length: count }, (_, place) => `${network}-${place + 1}`);
  const remove = async () => {
    await docker("rm", "--force", "--volumes", ...containers);
    await docker("network", "rm", network);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const machines = await Promise.all(containers.map((name) => startMachine(name, network, publicKey)));
    const knownHosts = join(folder, "known_hosts");
    const lines = await Promise.all(machines.map(knownHostsLine));
    await writeFile(knownHosts, lines.join(""));
    const hosts = (user: keyof typeof users = "root") =>
      machines.map(({ port }) => `${user}@127.0.0.1:${port}`).join(",");
    const inside = ({ container }: SshdMachine, ...args: readonly string[]) => docker("exec", container, ...args);
    return { machines, folder, key, knownHosts, newKey, hosts, inside, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startMachine(container: string, network: string, publicKey: string): Promise<SshdMachine> {
  const own = ["--name", container, "--hostname", container, "--network", network, "--cap-add", "NET_ADMIN"];
  const login = ["--publish", "127.0.0.1::22", "--env", `KEY=${publicKey}`];
  await docker("run", "--detach", "--init", ...own, ...login, image, "sh", "-c", setUp);
  for (let waitedMs = 0; waitedMs < startedWithinMs; waitedMs += pollMs) {
    if (await docker("exec", container, "test", "-e", "/ready").then(isTrue, isFalse)) break;
    await sleep(pollMs);
  }
  const published = await docker("port", container, "22/tcp");
  return { container, port: Number(published.trim().split(":").at(-1)) };
}

const isTrue = () => true;
const isFalse = () => false;

async function knownHostsLine({ container, port }: SshdMachine): Promise<string> {
  const [type, key] = (await docker("exec", container, "cat", "/etc/ssh/ssh_host_ed25519_key.pub")).split(" ");
  return `[127.0.0.1]:${port} ${type} ${key}\n`;
}

async function docker(...args: readonly string[]): Promise<string> {
  return (await run("docker", args)).stdout;
}
