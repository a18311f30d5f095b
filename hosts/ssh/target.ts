import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { messageOf } from "../../errors/errors.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { type GivenOptions, valuesOf } from "../backend-option.ts";
import { type HostAddress, parseAddress, parseHosts } from "./host-address.ts";
import { HostProblem } from "./host-problem.ts";
import { sshOptions } from "./options.ts";

/** One machine, with all that it takes to log in. */
export interface Target {
  /** `user@host:port`, as messages name it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identity: Identity;
  readonly hostKeys: HostKeys;
  readonly jump: Target | undefined;
  /** Where its peers reach it; undefined: at the address that the ssh server is reached at. */
  readonly peer: string | undefined;
}

/** What a user shows to be let in. */
interface Identity {
  /** Files of private keys, each of which exists. */
  readonly keys: readonly string[];
  /** The socket of an ssh agent. */
  readonly agent: string | undefined;
}

/** Which servers are trusted. */
interface HostKeys {
  readonly file: string;
  readonly acceptsNew: boolean;
}

/** Where options that were not given come from. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly user: string;
}

const usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"];
const usualPort = 22;

/** The machines that options name. Throws a HostProblem for none, and for files that are missing or cannot be read. */
export async function targetsOf(options: GivenOptions, around = ownSurroundings()): Promise<readonly Target[]> {
  const given = valuesOf(sshOptions, options);
  if (given.hosts !== undefined && given.hostsFile !== undefined) {
    throw new HostProblem("--hosts and --hosts-file both name the machines", "give one of them");
  }
  const listed = given.hosts ?? (given.hostsFile === undefined ? undefined : await hostsIn(given.hostsFile, around));
  if (listed === undefined)
    throw new HostProblem("no hosts are given", "name them by --hosts user@host:port,… or --hosts-file");
  const common: Common = {
    user: given.sshUser ?? around.user,
    key: given.sshKey,
    agent: given.sshAgent ?? around.environment["SSH_AUTH_SOCK"],
    jump: given.sshJump,
    hostKeys: {
      file: inHome(given.knownHosts ?? "~/.ssh/known_hosts", around),
      acceptsNew: given.hostKeys === "accept-new",
    },
  };
  return parseHosts(listed).map((address) => targetOf(address, common, around));
}

interface Common {
  readonly user: string;
  readonly key: string | undefined;
  readonly agent: string | undefined;
  readonly jump: string | undefined;
  readonly hostKeys: HostKeys;
}

function targetOf(address: HostAddress, common: Common, around: Surroundings): Target {
  const { host, port = usualPort, user = common.user } = address;
  const identity = identityOf(address.key ?? common.key, address.agent ?? common.agent, around);
  const jump = address.jump ?? common.jump;
  const through = jump === undefined ? undefined : jumpTarget(jump, { ...common, user }, identity);
  const name = `${user}@${host}:${port}`;
  return { name, host, port, user, identity, hostKeys: common.hostKeys, jump: through, peer: address.peer };
}

function jumpTarget(jump: string, common: Common, identity: Identity): Target {
  const { host, port = usualPort, user = common.user } = parseAddress(jump);
  const name = `${user}@${host}:${port}`;
  return { name, host, port, user, identity, hostKeys: common.hostKeys, jump: undefined, peer: undefined };
}

function identityOf(key: string | undefined, agent: string | undefined, around: Surroundings): Identity {
  if (key === undefined) {
    const usual = usualKeys.map((name) => join(around.home, ".ssh", name));
    return { keys: usual.filter((file) => existsSync(file)), agent };
  }
  const file = inHome(key, around);
  if (!existsSync(file))
    throw new HostProblem(`the private key ${file} does not exist`, "correct --ssh-key or the key= of the host");
  return { keys: [file], agent };
}

async function hostsIn(file: string, around: Surroundings): Promise<string> {
  const path = inHome(file, around);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw badFile(path, messageOf(error));
  });
  const parsed = parseWith(sshOptions.hosts.schema, readYaml(path, text));
  if (parsed.objection === undefined) return parsed.data;
  throw badFile(path, parsed.objection.problem);
}

function readYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badFile(path, messageOf(error).split("\n")[0]!);
  }
}

function badFile(path: string, problem: string): HostProblem {
  return new HostProblem(`--hosts-file: ${path}: ${problem}`, "correct the file");
}

function inHome(path: string, { home }: Surroundings): string {
  return path.startsWith("~/") ? join(home, path.slice(2)) : path;
}

function ownSurroundings(): Surroundings {
  return { environment: process.env, home: homedir(), user: userInfo().username };
}
