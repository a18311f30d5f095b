import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../errors/errors.ts";
import type { Evidence } from "../history/annotations.ts";
import { defaultLeaseMs } from "./agent/protocol.ts";
import type { Backend, Finding, HostRun, MachineBackend, Offer, Offers } from "./backend.ts";
import type { GivenOptions } from "./backend-option.ts";
import {
  type Capability,
  capabilities,
  type Host,
  type HostNode,
  type Impairment,
  type NodeAction,
  type ProcessSpec,
} from "./host.ts";
import type { Injection } from "./injection.ts";
import { needsOwnDisks } from "./own-disks.ts";
import { backends } from "./registry.ts";
import { tried } from "./requirements.ts";

const trialJumpMs = -300_000;
const trialRate = 1.5;
const trialImpairments: { readonly [Kind in Impairment["kind"]]: Impairment & { readonly kind: Kind } } = {
  "link-slow": { kind: "link-slow", delayMs: 100, jitterMs: 20 },
  "link-lossy": { kind: "link-lossy", share: 0.3 },
  "link-duplicate": { kind: "link-duplicate", share: 0.3 },
  "link-reorder": { kind: "link-reorder", share: 0.3 },
  "link-rate": { kind: "link-rate", bytesPerSecond: 20_000 },
  "link-reset": { kind: "link-reset", share: 0.1 },
};
const trialSeed = 1;
const trialFile = "trial";
/** What damage hits. */
const trialText = "keelhaul ".repeat(100);

/** What works with a backend on this machine. */
export interface Probe {
  readonly requirements: readonly { readonly name: string; readonly finding: Finding }[];
  readonly capabilities: Readonly<Record<Capability, Finding>>;
}

/**
 * Finds out what a backend can do on this machine with these options: looks for what it requires, then tries each capability
 * that it offers on two nodes, as a run would use it, and removes them.
 */
export async function probe(backend: Backend, options: GivenOptions = {}): Promise<Probe> {
  const requirements: { name: string; finding: Finding }[] = [];
  for (const { name, check, standsAlone = false } of backend.requirements) {
    const finding = await check(options);
    requirements.push({ name, finding });
    if (!finding.works && !standsAlone) break;
  }
  const missing = requirements.find(({ finding }) => !finding.works)?.finding;
  return { requirements, capabilities: await findings(backend, options, missing) };
}

type Findings = Partial<Record<Capability, Finding>>;

async function findings(
  backend: Backend,
  options: GivenOptions,
  missing: Finding | undefined,
): Promise<Record<Capability, Finding>> {
  const lacking = await lackingOffers(backend, options);
  const offered = missing === undefined ? await tryOffers(backend, options, lacking) : lacking;
  const find = (name: Capability): Finding => {
    if (backend.offers[name] === undefined) return notOffered(backend, name);
    return offered[name] ?? missing ?? unprobed;
  };
  return Object.fromEntries(namesOf(capabilities).map((name) => [name, find(name)])) as Record<Capability, Finding>;
}

const unprobed: Finding = { works: false, reason: "it was not tried", remedy: "report this as a bug" };

function notOffered({ name: own, lacks }: Backend, capability: Capability): Finding {
  const able = backends.filter(({ offers }) => offers[capability] !== undefined).map(({ name }) => name);
  const reason = lacks?.[capability] ?? `${own} does not support it`;
  return { works: false, reason, remedy: `use --backend ${able.join(" or ")}` };
}

/** The offers whose needs are missing. */
async function lackingOffers({ offers }: Backend, options: GivenOptions): Promise<Findings> {
  const lacking: Findings = {};
  for (const name of namesOf(offers)) {
    const finding = await offers[name]?.check?.(options);
    if (finding?.works === false) lacking[name] = finding;
  }
  return lacking;
}

/** Tries all offers but those that lack something. */
async function tryOffers(backend: Backend, options: GivenOptions, lacking: Findings): Promise<Findings> {
  const names = namesOf(backend.offers).filter((name) => lacking[name] === undefined);
  const offers = names.map((name) => [name, backend.offers[name]!] as const);
  if (offers.length === 0) return lacking;
  if (backend.kind === "simulated") {
    return Object.fromEntries(offers.map(([name, { means }]) => [name, { works: true, detail: means }]));
  }
  const ownDisks = offers.filter(([name]) => needsOwnDisks([name]));
  const others = offers.filter(([name]) => !needsOwnDisks([name]));
  return {
    ...lacking,
    ...(await tryTogether(backend, { options, ownDisks: false }, others)),
    ...(await tryTogether(backend, { options, ownDisks: true }, ownDisks)),
  };
}

type NamedOffer = readonly [Capability, Offer];
type TrialOptions = Pick<HostRun, "options" | "ownDisks">;

/** Machines with disks of their own are others than those without. */
async function tryTogether(
  backend: MachineBackend,
  trial: TrialOptions,
  offers: readonly NamedOffer[],
): Promise<Findings> {
  if (offers.length === 0) return {};
  try {
    return await withTrialHost(backend, trial, (host) => tryOn(host, offers));
  } catch (error) {
    const reason = `no node could be started: ${messageOf(error)}`;
    return Object.fromEntries(offers.map(([name, { remedy }]) => [name, { works: false, reason, remedy }]));
  }
}

async function withTrialHost<Result>(
  backend: MachineBackend,
  trial: TrialOptions,
  use: (host: Host) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-doctor-"));
  const ports = { peer: "peers" } as const;
  const run = {
    runId: `doctor-${process.pid}`,
    nodes: ["n1", "n2"],
    ports,
    ...trial,
    folder,
    onProblem: () => {},
    onStep: () => {},
  };
  try {
    const host = await backend.create(run);
    try {
      return await use(host);
    } finally {
      await host.destroy();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryOn(host: Host, offers: readonly NamedOffer[]): Promise<Findings> {
  for (const node of host.nodes) await host.start(node.id, trialProcess(node));
  const found: Findings = {};
  for (const [name, { means, remedy, missing }] of offers) {
    const reason = missing?.() ?? null;
    if (reason !== null) found[name] = { works: false, reason, remedy };
    else found[name] = await tried(async () => `${means}: ${proven(await tryOut(host, name))}`, remedy);
  }
  return found;
}

/** Any program that listens where peers dial would do; an agent is the one that every machine has. */
function trialProcess({ addresses, secret }: HostNode): ProcessSpec {
  const config = { listen: addresses.listen.peer, token: secret, leaseMs: defaultLeaseMs };
  const env = { KEELHAUL_AGENT: JSON.stringify(config) };
  return { program: "node:agent.mjs", args: [], env, configuration: { [trialFile]: trialText } };
}

/** Evidence of it in effect; throws when it cannot be undone. */
async function tryOut(host: Host, capability: Capability): Promise<readonly Evidence[]> {
  const [one, other] = host.nodes as readonly [HostNode, HostNode];
  if (capability === "kill") {
    const killed = await host.kill(one.id);
    await host.start(one.id, trialProcess(one));
    return [killed];
  }
  if (capability === "cut") return undone(await host.cut([[one.id, other.id]]));
  if (isImpairment(capability)) return undone(await host.impair([[one.id, other.id]], trialImpairments[capability]));
  if (capability === "clock" || capability === "clock-monotonic") return tryClock(host, one, capability);
  if (capability === "disk-flip" || capability === "disk-torn") {
    return whileDown(host, one, async () =>
      undone(await host.inject(one.id, { kind: capability, seed: trialSeed, file: trialFile })),
    );
  }
  if (needsOwnDisks([capability])) return tryDisk(host, one, { kind: capability });
  return undone(await host.inject(one.id, { kind: capability }));
}

function isImpairment(capability: Capability): capability is Impairment["kind"] {
  return capability in trialImpairments;
}

/** The node may have ended of it, as of a loss of power. */
async function tryDisk(host: Host, node: HostNode, action: NodeAction): Promise<readonly Evidence[]> {
  const evidence = await undone(await host.inject(node.id, action));
  if (!(await host.alive(node.id))) await host.start(node.id, trialProcess(node));
  return evidence;
}

async function whileDown(
  host: Host,
  node: HostNode,
  trial: () => Promise<readonly Evidence[]>,
): Promise<readonly Evidence[]> {
  await host.kill(node.id);
  try {
    return await trial();
  } finally {
    await host.start(node.id, trialProcess(node));
  }
}

/** A process has to be started for it. */
async function tryClock(
  host: Host,
  node: HostNode,
  capability: "clock" | "clock-monotonic",
): Promise<readonly Evidence[]> {
  await host.kill(node.id);
  try {
    await host.start(node.id, { ...trialProcess(node), clocks: capability === "clock" ? "wall" : "both" });
    const jump = { type: "jump", offsetMs: trialJumpMs } as const;
    const action = capability === "clock" ? { kind: capability, course: jump } : { kind: capability, rate: trialRate };
    return await undone(await host.inject(node.id, action));
  } finally {
    await host.kill(node.id);
    await host.start(node.id, trialProcess(node));
  }
}

async function undone(injected: Injection): Promise<readonly Evidence[]> {
  proven(await injected.heal());
  return injected.evidence;
}

/** What was observed; throws when that proves nothing. */
function proven(evidence: readonly Evidence[]): string {
  const observed = evidence.map(({ observation }) => observation).join("; ");
  if (evidence.length === 0 || evidence.some(({ proves }) => !proves))
    throw new Error(observed || "nothing was observed");
  return observed;
}

function namesOf(record: Offers | typeof capabilities): readonly Capability[] {
  return Object.keys(record) as readonly Capability[];
}
