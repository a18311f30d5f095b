import type { Impairment } from "../../host.ts";
import { heldBackMs } from "../../links/impairment.ts";

/** Runs a program with these arguments; answers what it printed. */
export type Run = (args: readonly string[]) => Promise<string>;

/** The handle of our queueing discipline, by which it is known: "KH". */
const handle = "4b48:";
/** What a device has that nobody gave another. */
const kernelHandle = "0:";
/** More than any link carries: a class needs a rate also where only netem is asked for. */
const unlimited = "100gbit";

/**
 * Shapes what this machine sends to each peer: an HTB class for the rate and, within it, netem for delay, duplicates and order.
 * What goes elsewhere passes unshaped.
 */
export class TrafficControl {
  readonly #tc: Run;
  readonly #ip: Run;
  readonly #shaped = new Map<string, Map<Impairment["kind"], Impairment>>();
  /** The change to a device that others wait for: two faults may begin or heal at the same time. */
  #changing: Promise<void> = Promise.resolve();

  constructor(tc: Run, ip: Run) {
    this.#tc = tc;
    this.#ip = ip;
  }

  async set(hosts: readonly string[], impairment: Impairment): Promise<void> {
    for (const host of hosts) {
      const ofHost = this.#shaped.get(host) ?? new Map<Impairment["kind"], Impairment>();
      this.#shaped.set(host, ofHost.set(impairment.kind, impairment));
    }
    await this.#apply(hosts);
  }

  async clear(hosts: readonly string[], kind: Impairment["kind"]): Promise<void> {
    for (const host of hosts) {
      this.#shaped.get(host)?.delete(kind);
      if (this.#shaped.get(host)?.size === 0) this.#shaped.delete(host);
    }
    await this.#apply(hosts);
  }

  async close(): Promise<void> {
    const hosts = [...this.#shaped.keys()];
    this.#shaped.clear();
    await this.#apply(hosts);
  }

  /** Lays the tree of each device anew on which some of the hosts are reached, one change after another. */
  #apply(hosts: readonly string[]): Promise<void> {
    const change = this.#changing.then(() => this.#layAnew(hosts));
    this.#changing = change.catch(() => {}); // its caller gets the error, and the next change lays all anew
    return change;
  }

  async #layAnew(hosts: readonly string[]): Promise<void> {
    const all = [...new Set([...hosts, ...this.#shaped.keys()])];
    const devices = new Map(await Promise.all(all.map(async (host) => [host, await this.#deviceOf(host)] as const)));
    for (const device of new Set(hosts.map((host) => devices.get(host)!))) {
      await this.#remove(device);
      const shaped = [...this.#shaped].filter(([host]) => devices.get(host) === device);
      if (shaped.length > 0) await this.#lay(device, shaped);
    }
  }

  async #deviceOf(host: string): Promise<string> {
    const route = await this.#ip(["-o", "route", "get", host]);
    const device = / dev (\S+)/.exec(route)?.[1];
    if (device === undefined) throw new Error(`no network device leads to ${host}: ${route.trim()}`);
    return device;
  }

  /** Leaves alone what somebody else has set up. */
  async #remove(device: string): Promise<void> {
    const root = await this.#tc(["qdisc", "show", "dev", device, "root"]);
    const present = /^qdisc (\S+) (\S+) root/m.exec(root);
    if (present === null || present[2] === kernelHandle) return;
    if (present[2] !== handle) throw new Error(`${device} has a queueing discipline of its own, ${present[1]}`);
    await this.#tc(["qdisc", "del", "dev", device, "root"]);
  }

  async #lay(device: string, shaped: readonly [string, ReadonlyMap<Impairment["kind"], Impairment>][]): Promise<void> {
    await this.#tc(["qdisc", "add", "dev", device, "root", "handle", handle, "htb"]);
    for (const [place, [host, impairments]] of shaped.entries()) {
      const minor = (place + 1).toString(16);
      const classId = `${handle}${minor}`;
      const under = ["dev", device, "parent"];
      await this.#tc(["class", "add", ...under, handle, "classid", classId, "htb", "rate", rateOf(impairments)]);
      const netem = netemOf(impairments);
      if (netem.length > 0) await this.#tc(["qdisc", "add", ...under, classId, "netem", ...netem]);
      const match = ["u32", "match", "ip", "dst", `${host}/32`];
      await this.#tc(["filter", "add", ...under, handle, "protocol", "ip", ...match, "flowid", classId]);
    }
  }
}

function rateOf(impairments: ReadonlyMap<Impairment["kind"], Impairment>): string {
  const rate = impairments.get("link-rate");
  return rate?.kind === "link-rate" ? `${rate.bytesPerSecond}bps` : unlimited; // tc writes bytes a second as "bps"
}

/** What netem is told; empty where nothing is asked of it. */
function netemOf(impairments: ReadonlyMap<Impairment["kind"], Impairment>): readonly string[] {
  const slow = impairments.get("link-slow");
  const duplicate = impairments.get("link-duplicate");
  const reorder = impairments.get("link-reorder");
  const delayMs = slow?.kind === "link-slow" ? slow.delayMs : heldBackMs;
  const jitterMs = slow?.kind === "link-slow" ? slow.jitterMs : 0;
  const isDelayed = slow !== undefined || reorder !== undefined;
  return [
    ...(isDelayed ? ["delay", `${delayMs}ms`, `${jitterMs}ms`] : []),
    // netem sends a share at once, which overtakes the rest; here the share is of those that are overtaken.
    ...(reorder?.kind === "link-reorder" ? ["reorder", percent(1 - reorder.share)] : []),
    ...(duplicate?.kind === "link-duplicate" ? ["duplicate", percent(duplicate.share)] : []),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
