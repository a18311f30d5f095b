import { isIPv4 } from "node:net";
import { z } from "zod";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";

/** A machine as the options name it; what is undefined comes from the options for all hosts. */
export interface HostAddress {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** The private key's file. */
  readonly key: string | undefined;
  /** The socket of an ssh agent. */
  readonly agent: string | undefined;
  /** The machine to go through. */
  readonly jump: string | undefined;
  /** The address at which its peers reach it. */
  readonly peer: string | undefined;
}

const settings = ["key", "agent", "jump", "peer"] as const;
const form = "[user@]host[:port][+peer=ADDRESS][+key=FILE][+agent=SOCKET][+jump=user@host:port]";

/** What keelhaul.yaml or a file of hosts may say of a host in place of the short form. */
export const hostFields = z.strictObject({
  host: z.string(),
  port: z.number().int().optional(),
  user: z.string().optional(),
  key: z.string().optional(),
  agent: z.string().optional(),
  jump: z.string().optional(),
  peer: z.string().optional(),
});

/** Reads `user@host:port+peer=…,…`. Throws a UsageError that names the host that is wrong. */
export function parseHosts(text: string): readonly HostAddress[] {
  const hosts = text.split(",").map(parseHost);
  const names = hosts.map(nameOf);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice === undefined) return hosts;
  throw new UsageError(`${quote(twice)} is listed twice; each node needs a machine of its own`);
}

/** The short form of a host that was given by its fields. */
export function shortForm({ host, port, user, ...others }: z.output<typeof hostFields>): string {
  const address = `${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`;
  const given = settings.filter((name) => others[name] !== undefined);
  return [address, ...given.map((name) => `${name}=${others[name]}`)].join("+");
}

/** `user@host:port`, of a host or of a machine to go through. */
export function parseAddress(text: string): Pick<HostAddress, "user" | "host" | "port"> {
  const found = /^(?:(?<user>[\w.-]+)@)?(?<host>[\w.-]+)(?::(?<port>\d+))?$/.exec(text)?.groups;
  const port = found?.["port"] === undefined ? undefined : Number(found["port"]);
  if (found?.["host"] === undefined || found["host"].startsWith("-") || (port !== undefined && !isPort(port))) {
    throw new UsageError(`${quote(text)} is no host; expected ${form}`);
  }
  return { host: found["host"], port, user: found["user"] };
}

function parseHost(text: string): HostAddress {
  const [address = "", ...given] = text.trim().split("+");
  const values = Object.fromEntries(given.map((setting) => parseSetting(setting, text)));
  const { peer, jump } = values;
  if (peer !== undefined && !isIPv4(peer)) {
    throw new UsageError(`peer=${quote(peer)} of ${address} is no address; expected an IPv4 address such as 10.0.0.5`);
  }
  if (jump !== undefined) parseAddress(jump);
  return { ...parseAddress(address), key: values["key"], agent: values["agent"], jump, peer };
}

function parseSetting(setting: string, host: string): readonly [string, string] {
  const [, name = "", value = ""] = /^(\w+)=(.+)$/.exec(setting) ?? [];
  if (settings.some((known) => known === name)) return [name, value];
  throw new UsageError(`${quote(setting)} in ${quote(host)} is no setting of a host; expected ${form}`);
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function nameOf({ user, host, port }: HostAddress): string {
  return `${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`;
}
