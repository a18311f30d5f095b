import { messageOf } from "../../errors/errors.ts";
import type { Finding } from "../backend.ts";
import type { GivenOptions } from "../backend-option.ts";
import { SshConnection } from "./connection.ts";
import { HostProblem } from "./host-problem.ts";
import { peerAddresses, requireEnough } from "./machines.ts";
import { ownArchitecture } from "./runtime.ts";
import { leastNode, type Survey, survey } from "./survey.ts";
import { type Target, targetsOf } from "./target.ts";

/** A runtime of 120 MB, and a node's log and snapshots. */
const leastFreeMiB = 1024;

/** A machine, and what was found on it or why it could not be reached. */
type Inspected =
  | { readonly target: Target; readonly found: Survey }
  | { readonly target: Target; readonly problem: HostProblem };

type Reached = Extract<Inspected, { readonly found: Survey }>;

/** What was found for a set of options: each question about it is answered from one visit to the machines. */
const visits = new WeakMap<GivenOptions, Promise<readonly Inspected[]>>();

function inspect(options: GivenOptions): Promise<readonly Inspected[]> {
  const visit = visits.get(options) ?? targetsOf(options).then((targets) => Promise.all(targets.map(visitOne)));
  visits.set(options, visit);
  return visit;
}

async function visitOne(target: Target): Promise<Inspected> {
  const connection = new SshConnection(target);
  try {
    return { target, found: await survey(connection) };
  } catch (error) {
    const problem =
      error instanceof HostProblem ? error : new HostProblem(messageOf(error), "check the machine", { cause: error });
    return { target, problem };
  } finally {
    await connection.close();
  }
}

/** Whether there is a machine for each node, and every machine lets us in. */
export async function findHosts(options: GivenOptions, nodes = 0): Promise<Finding> {
  try {
    requireEnough(await targetsOf(options), nodes);
    const inspected = await inspect(options);
    const problems = inspected.flatMap((one) => ("problem" in one ? [one.problem] : []));
    if (problems.length > 0) return findingOf(problems);
    const count = `${inspected.length} ${inspected.length === 1 ? "machine" : "machines"}`;
    return { works: true, detail: `logged in to ${count}: ${inspected.map(({ target }) => target.name).join(", ")}` };
  } catch (error) {
    if (error instanceof HostProblem) return findingOf([error]);
    throw error;
  }
}

function findingOf(problems: readonly HostProblem[]): Finding {
  const remedies = new Set(problems.map(({ remedy }) => remedy));
  return { works: false, reason: problems.map(({ reason }) => reason).join(", "), remedy: [...remedies].join("; ") };
}

/** One thing that every machine must have. */
export interface Need {
  /** What is wrong with a machine, such as "has no iptables"; null: nothing. */
  readonly missing: (found: Survey) => string | null;
  readonly remedy: string;
  /** What all machines have. */
  readonly detail: string;
}

/** Whether every machine that was reached has it; where none was, why not. */
export async function findEverywhere({ missing, remedy, detail }: Need, options: GivenOptions): Promise<Finding> {
  const hosts = await findHosts(options);
  const reached = hosts.works ? await reachedOf(options) : await reachedOf(options).catch(() => []);
  if (reached.length === 0) return hosts;
  const without = reached.flatMap(({ target, found }) => {
    const why = missing(found);
    return why === null ? [] : [`${target.name} ${why}`];
  });
  return without.length === 0 ? { works: true, detail } : { works: false, reason: without.join(", "), remedy };
}

async function reachedOf(options: GivenOptions): Promise<readonly Reached[]> {
  return (await inspect(options)).filter((one): one is Reached => "found" in one);
}

/** Whether the machines have addresses at which their peers can tell them apart. */
export async function findPeers(options: GivenOptions): Promise<Finding> {
  try {
    const peers = peerAddresses(await reachedOf(options));
    return { works: true, detail: `nodes reach each other at ${peers.join(", ")}` };
  } catch (error) {
    if (error instanceof HostProblem) return findingOf([error]);
    throw error;
  }
}

export const needs = {
  system: {
    missing: ({ whyNoSystem }) => whyNoSystem,
    remedy: "use machines that run Linux",
    detail: "Linux",
  },
  node: {
    missing: ({ node, architecture }) =>
      node === null && architecture !== ownArchitecture()
        ? `has no Node ${leastNode} or newer, and this machine's own does not run on ${architecture}`
        : null,
    remedy: `install Node ${leastNode} or newer there`,
    detail: `Node ${leastNode} or newer is installed, or is uploaded by the first run`,
  },
  disk: {
    missing: ({ freeMiB }) => (freeMiB < leastFreeMiB ? `has ${freeMiB} MiB free in its user's home` : null),
    remedy: `free ${leastFreeMiB} MiB`,
    detail: `${leastFreeMiB} MiB or more are free`,
  },
  forwarding: {
    missing: ({ whyNoForwarding }) => (whyNoForwarding === null ? null : `forwards no ports (${whyNoForwarding})`),
    remedy: "set AllowTcpForwarding to yes in its sshd_config",
    detail: "clients and agents are reached through the ssh connection",
  },
  iptables: {
    missing: ({ whyNoSudo, whyNoIptables }) => {
      if (whyNoSudo !== null) return `has no sudo without a password (${whyNoSudo})`;
      return whyNoIptables === null ? null : `cannot use iptables (${whyNoIptables})`;
    },
    remedy: "install iptables there (on Debian: apt install iptables), and log in as root or allow `sudo -n iptables`",
    detail: "iptables",
  },
  libfaketime: {
    missing: ({ hasLibfaketime }) => (hasLibfaketime ? null : "has no libfaketime"),
    remedy: "install libfaketime there (on Debian: apt install libfaketime)",
    detail: "libfaketime",
  },
} as const satisfies Record<string, Need>;
