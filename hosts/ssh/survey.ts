import { messageOf } from "../../errors/errors.ts";
import { libraryFolders, preloadedLibrary } from "../agent/clocks/preload.ts";
import { lastLine, type SshConnection } from "./connection.ts";
import { HostProblem } from "./host-problem.ts";

/** What was found on a machine; nothing was changed there. A reason stands for what does not work. */
export interface Survey {
  readonly home: string;
  /** As the kernel names it, such as x86_64. */
  readonly architecture: string;
  readonly freeMiB: number;
  readonly isRoot: boolean;
  /** The address that the machine itself has for the ssh server. */
  readonly address: string;
  /** The command of a Node that is new enough; null where there is none. */
  readonly node: string | null;
  readonly whyNoSystem: string | null;
  readonly whyNoForwarding: string | null;
  readonly whyNoSudo: string | null;
  readonly whyNoIptables: string | null;
  readonly hasLibfaketime: boolean;
}

export const leastNode = 24;
const nodePrintsItself = "process.stdout.write(process.version + ' ' + process.execPath)";
/** Nothing listens there; the server is asked only whether it would forward. */
const discardPort = 9;

/** Looks at a machine, one program after another: servers allow ten at a time, and some fewer. */
export async function survey(connection: SshConnection): Promise<Survey> {
  const said = async (args: readonly string[]): Promise<string> => (await connection.exec(args)).stdout.trim();
  const [system = "", architecture = ""] = (await said(["uname", "-s", "-m"])).split(" ");
  const home = await said(["pwd"]);
  const isRoot = (await said(["id", "-u"])) === "0";
  const whyNoSudo = isRoot ? null : await whyNot(connection, ["sudo", "-n", "true"]);
  return {
    ...{ home, architecture, isRoot, whyNoSudo },
    freeMiB: freeMiBOf(await said(["df", "-P", "-k", home])),
    address: addressOf(connection.target.name, await said(["printenv", "SSH_CONNECTION"])),
    node: suitableNode(await said(["node", "-e", nodePrintsItself])),
    whyNoSystem: system === "Linux" ? null : `runs ${system || "no Unix"}`,
    whyNoForwarding: await whyNoForwarding(connection),
    whyNoIptables: await whyNot(connection, asRoot(isRoot, ["iptables", "-w", "-S", "INPUT"])),
    hasLibfaketime: (await said(["find", ...libraryFolders, "-maxdepth", "3", "-name", preloadedLibrary])) !== "",
  };
}

/** The command as root, who may not need sudo. */
export function asRoot(isRoot: boolean, args: readonly string[]): readonly string[] {
  return isRoot ? args : ["sudo", "-n", "--", ...args];
}

/** `df -P -k` prints a heading, and a line with the free KiB in its fourth column. */
export function freeMiBOf(listing: string): number {
  return Math.floor(Number(listing.split("\n").at(-1)?.trim().split(/\s+/)[3] ?? 0) / 1024);
}

/** The path of a Node that printed its version and path; null where it is too old, or is none. */
export function suitableNode(printed: string): string | null {
  const [, major, path] = /^v(\d+)\S* (.+)$/.exec(printed) ?? [];
  return path !== undefined && Number(major) >= leastNode ? path : null;
}

/** `SSH_CONNECTION` holds address and port of the client, then of the server. */
function addressOf(name: string, variable: string): string {
  const address = variable.split(" ")[2];
  if (address === undefined) throw new HostProblem(`the sshd of ${name} sets no SSH_CONNECTION`, "run OpenSSH there");
  return address.replace(/^::ffff:/, "");
}

async function whyNot(connection: SshConnection, args: readonly string[]): Promise<string | null> {
  const { code, stderr } = await connection.exec(args);
  return code === 0 ? null : lastLine(stderr);
}

/** The server refuses at once what it forbids; a port on which nothing listens is what it may reach. */
async function whyNoForwarding(connection: SshConnection): Promise<string | null> {
  try {
    (await connection.forward("127.0.0.1", discardPort)).destroy();
    return null;
  } catch (error) {
    return /prohibited/i.test(messageOf(error)) ? messageOf(error) : null;
  }
}
