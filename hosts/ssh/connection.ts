import { readFile } from "node:fs/promises";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import ssh2, { type AnyAuthMethod, type Client, type ClientChannel, type ClientErrorExtensions } from "ssh2";
import { messageOf } from "../../errors/errors.ts";
import { HostProblem } from "./host-problem.ts";
import { addKnownHost, type HostKeyFinding, KnownHosts } from "./known-hosts.ts";
import { shellQuoted } from "./shell-quoting.ts";
import type { Target } from "./target.ts";

const loginWithinMs = 15_000;
/** A connection that says nothing for three of these is lost. */
const aliveEveryMs = 3000;
const aliveMissed = 3;
const usualCommandMs = 30_000;

/** How a program on the machine ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  /** What the program reads. */
  readonly input?: string | Readable;
  /** After this it has failed. */
  readonly timeoutMs?: number;
}

/** One connection to a machine, over which all goes that the controller does there. It is made anew when it was lost. */
export class SshConnection {
  readonly target: Target;
  #client: Promise<Client> | null = null;
  #closed = false;

  constructor(target: Target) {
    this.target = target;
  }

  /** Logs in. Throws a HostProblem when that fails. */
  async open(): Promise<void> {
    await this.#connected();
  }

  /** Runs a program to its end, whatever its exit code. */
  async exec(args: readonly string[], { input = "", timeoutMs = usualCommandMs }: ExecOptions = {}): Promise<Ended> {
    const client = await this.#connected();
    return new Promise((resolve, reject) =>
      client.exec(shellQuoted(args), (error, channel) => {
        if (error) return reject(this.#failed(error));
        const timer = setTimeout(() => channel.destroy(), timeoutMs);
        // Here, not after an await: a short program's exit arrives in the same packet as the channel.
        resolve(ended(channel, input, `${args[0]} on ${this.target.name}`).finally(() => clearTimeout(timer)));
      }),
    );
  }

  /** Runs a program that has to succeed; answers what it printed. */
  async output(args: readonly string[], options?: ExecOptions): Promise<string> {
    const { code, stdout, stderr } = await this.exec(args, options);
    if (code === 0) return stdout;
    throw new Error(`${this.target.name}: \`${args.join(" ")}\` exited with ${code}: ${lastLine(stderr)}`);
  }

  /** A stream to an address, as the machine itself reaches it. */
  async forward(host: string, port: number): Promise<Duplex> {
    const client = await this.#connected();
    return new Promise((resolve, reject) =>
      client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel))),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#client?.catch(() => null);
    client?.end();
  }

  #connected(): Promise<Client> {
    if (this.#closed) return Promise.reject(new Error(`the connection to ${this.target.name} is closed`));
    this.#client ??= this.#connect();
    return this.#client;
  }

  #connect(): Promise<Client> {
    const connecting = connect(this.target);
    const forget = (): void => {
      if (this.#client === connecting) this.#client = null;
    };
    connecting.then((client) => client.once("close", forget), forget);
    return connecting;
  }

  #failed(error: Error): Error {
    return new Error(`${this.target.name}: ${error.message}`, { cause: error });
  }
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "it printed no reason";
}

async function ended(channel: ClientChannel, input: string | Readable, what: string): Promise<Ended> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  channel.on("data", (chunk: Buffer) => out.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  let code: number | null = null;
  channel.on("exit", (exit: number | null) => {
    code = exit ?? 128; // a signal ended it
  });
  channel.on("error", () => {}); // a lost connection, which leaves no exit code
  const closed = new Promise<void>((resolve) => channel.once("close", () => resolve()));
  const fed = typeof input === "string" ? Promise.resolve(channel.end(input)) : pipeline(input, channel);
  // A program may end before it has read all: its exit code says why.
  await Promise.all([closed, fed.catch(() => {})]);
  if (code === null) throw new Error(`${what} did not end: the connection was lost, or it took too long`);
  return { code, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") };
}

/** Logs in, through another machine where the target asks for that. */
async function connect(target: Target): Promise<Client> {
  const { host, port, user: username, hostKeys, jump } = target;
  const known = await KnownHosts.read(hostKeys.file);
  const authHandler = await methodsOf(target);
  const through = jump === undefined ? undefined : await connect(jump);
  const sock = through === undefined ? undefined : await streamThrough(through, target);
  let finding: HostKeyFinding | undefined;
  const client = new ssh2.Client();
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  client.once("ready", () => resolve(client));
  client.on("error", (error) => reject(whyNot(target, error, finding)));
  client.once("close", () => {
    through?.end();
    reject(new HostProblem(`${target.name} closed the connection during the login`, "check its sshd"));
  });
  client.connect({
    ...{ host, port, username, authHandler },
    ...(sock === undefined ? {} : { sock }),
    ...askedTypes(known.typesOf(host, port)),
    readyTimeout: loginWithinMs,
    keepaliveInterval: aliveEveryMs,
    keepaliveCountMax: aliveMissed,
    hostVerifier: (key: Buffer, verify: (trusted: boolean) => void) => {
      finding = known.check(host, port, key);
      if (finding !== "unknown" || !hostKeys.acceptsNew) return verify(finding === "known");
      addKnownHost(hostKeys.file, host, port, key).then(
        () => verify(true),
        (error: unknown) => {
          reject(
            new HostProblem(`the key of ${target.name} could not be added: ${messageOf(error)}`, "check --known-hosts"),
          );
          verify(false);
        },
      );
    },
  });
  return promise.catch((error: unknown) => {
    client.destroy();
    throw error;
  });
}

async function streamThrough(through: Client, { name, host, port, jump }: Target): Promise<Duplex> {
  return new Promise((resolve, reject) =>
    through.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (!error) return resolve(channel);
      through.end();
      reject(new HostProblem(`${name} cannot be reached through ${jump?.name}: ${error.message}`, "check --ssh-jump"));
    }),
  );
}

/** The keys to offer, those of files first. Throws a HostProblem when there are none. */
async function methodsOf({ name, user: username, identity: { keys, agent } }: Target): Promise<AnyAuthMethod[]> {
  const files = await Promise.all(keys.map(async (file) => ({ file, key: await readFile(file) })));
  const judged = files.map((one) => ({ ...one, parsed: ssh2.utils.parseKey(one.key) }));
  const methods: AnyAuthMethod[] = judged
    .filter(({ parsed }) => !(parsed instanceof Error))
    .map(({ key }) => ({ type: "publickey", username, key }));
  if (agent !== undefined) methods.push({ type: "agent", username, agent });
  if (methods.length > 0) return methods;
  const [unusable] = judged;
  if (unusable === undefined) {
    throw new HostProblem(`there is no key to log in to ${name} with`, "give --ssh-key or start an ssh agent");
  }
  const why = messageOf(unusable.parsed);
  throw new HostProblem(`the key ${unusable.file} cannot be used: ${why}`, "load an encrypted key into an ssh agent");
}

/** A server has a key of each type, and shows one of those that are asked for: only a known type can be compared. */
function askedTypes(types: readonly string[]): { algorithms?: { serverHostKey: ssh2.ServerHostKeyAlgorithm[] } } {
  if (types.length === 0) return {};
  const names = types.flatMap((type) => (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]));
  return { algorithms: { serverHostKey: [...new Set(names)] as ssh2.ServerHostKeyAlgorithm[] } };
}

function whyNot(
  { name, hostKeys: { file } }: Target,
  error: Error & ClientErrorExtensions & { code?: string },
  finding: HostKeyFinding | undefined,
): HostProblem {
  const problem = (reason: string, remedy: string) => new HostProblem(reason, remedy, { cause: error });
  const checkMachine = "check the machine, then remove its old key from the file";
  if (finding === "changed") return problem(`the host key of ${name} differs from the one in ${file}`, checkMachine);
  if (finding === "revoked") return problem(`the host key of ${name} is revoked in ${file}`, "do not use this machine");
  if (finding === "unknown") {
    return problem(`the host key of ${name} is not in ${file}`, "log in with ssh once, or give --host-keys accept-new");
  }
  if (error.level === "client-authentication") {
    return problem(`${name} rejected every key that was offered`, "check the user, --ssh-key and its authorized_keys");
  }
  if (error.message.includes("no matching host key")) {
    return problem(`${name} has no host key of the types in ${file}`, checkMachine);
  }
  const timedOut = error.level === "client-timeout";
  const reason = timedOut ? `no answer within ${loginWithinMs / 1000} s` : (error.code ?? error.message);
  return problem(`${name} cannot be reached: ${reason}`, "check the address, and that sshd runs there");
}
