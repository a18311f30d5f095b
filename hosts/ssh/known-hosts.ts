import { createHmac } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Whether the key that a server showed is the one that is known of it. */
export type HostKeyFinding = "known" | "unknown" | "changed" | "revoked";

interface Entry {
  readonly marker: string | undefined;
  readonly hosts: string;
  readonly type: string;
  readonly key: string;
}

/** The keys of servers, in the format of OpenSSH's known_hosts. Certificate authorities are not supported and pass unread. */
export class KnownHosts {
  readonly #entries: readonly Entry[];

  constructor(text: string) {
    this.#entries = text.split("\n").flatMap(parseLine);
  }

  /** A missing file knows no hosts. */
  static async read(file: string): Promise<KnownHosts> {
    return new KnownHosts(await readFile(file, "utf8").catch(absent));
  }

  /** The types of key that are known of a server; it is asked for one of them, as another one would look like a change. */
  typesOf(host: string, port: number): readonly string[] {
    return this.#of(host, port)
      .filter(({ marker }) => marker === undefined)
      .map(({ type }) => type);
  }

  check(host: string, port: number, key: Buffer): HostKeyFinding {
    const entries = this.#of(host, port);
    const same = entries.filter((entry) => entry.key === key.toString("base64"));
    if (same.some(({ marker }) => marker === "@revoked")) return "revoked";
    if (same.length > 0) return "known";
    return entries.some(({ marker }) => marker === undefined) ? "changed" : "unknown";
  }

  #of(host: string, port: number): readonly Entry[] {
    return this.#entries.filter(
      ({ hosts, marker }) => marker !== "@cert-authority" && isListed(hosts, nameOf(host, port)),
    );
  }
}

/** Adds a server's key to the file, made when it is missing. */
export async function addKnownHost(file: string, host: string, port: number, key: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${nameOf(host, port)} ${typeOf(key)} ${key.toString("base64")}\n`, { mode: 0o600 });
}

/** A port other than 22 is part of the name. */
function nameOf(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** A key begins with the length and the name of its type. */
function typeOf(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}

function parseLine(line: string): Entry[] {
  const words = line.trim().split(/\s+/);
  const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
  const [hosts, type, key] = words;
  if (hosts === undefined || type === undefined || key === undefined || hosts.startsWith("#")) return [];
  return [{ marker, hosts, type, key }];
}

function isListed(hosts: string, name: string): boolean {
  const patterns = hosts.split(",");
  if (patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => matches(pattern, name));
}

/** A pattern is a name with `*` and `?`, or a hash of the name: `|1|SALT|HMAC`. */
function matches(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split("|");
  if (version === "1" && salt !== undefined && hash !== undefined) {
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(name);
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
