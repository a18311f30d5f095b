import type { Evidence } from "../history/annotations.ts";
import type { ExpectedClock } from "../hosts/clocks/evidence.ts";
import type { ClockAction, ClockCourse } from "../hosts/host.ts";
import { type Injection, injection, together } from "../hosts/injection.ts";
import type { RandomStream } from "../random/stream.ts";
import { type Choice, type ClusterView, type FaultSite, type LastingFault, leaderOrAny, tolerated } from "./fault.ts";
import { ClockWatch } from "./node-clocks.ts";

/** Small ones confuse leases and timeouts, large ones everything that is dated. */
const jumpsMs = [500, 5000, 60_000, 300_000] as const;
const strobeEveryMs = 100;
/** Of a monotonic clock: beyond what a lease allows for. */
const slowRates = [0.2, 0.3, 0.5];
const fastRates = [2, 3];

/**
 * Sets the clocks that nodes read. A correct store survives any wall clock: only a store that trusts it loses. A monotonic
 * clock that runs at another rate breaks each lease that allows for less; that variant is injected only where it is named.
 */
export const clock = {
  name: "clock",
  kind: "lasting",
  description: "set the clocks of nodes; they show the true time when the fault heals",
  needs: [],
  band: { label: "clock", color: "#457B9D" },
  variants: [
    {
      name: "jump",
      description: "the wall clock of the leader jumps by up to 300 s, forward or back",
      needs: ["clock"],
      minNodes: 1,
      aimsAtLeader: true,
      aim: jumped,
      choose: (cluster, random) => jumped([leaderOrAny(cluster, random)], cluster, random),
    },
    {
      name: "drift",
      description: "the wall clocks of a minority run fast or slow",
      needs: ["clock"],
      minNodes: 1,
      aimsAtLeader: false,
      aim: drifting,
      choose: (cluster, random) => drifting(minority(cluster, random), cluster, random),
    },
    {
      name: "strobe",
      description: "the wall clock of one node jumps to and fro ten times a second",
      needs: ["clock"],
      minNodes: 1,
      aimsAtLeader: false,
      aim: strobing,
      choose: (cluster, random) => strobing([random.pick(cluster.nodes)], cluster, random),
    },
    {
      name: "scramble",
      description: "the wall clock of each node jumps by another offset",
      needs: ["clock"],
      minNodes: 1,
      aimsAtLeader: false,
      choose: (cluster, random) => jumped(cluster.nodes, cluster, random),
    },
    {
      name: "monotonic-drift",
      description:
        "the monotonic clock of the leader runs slow, or that of all others fast, and their wall clocks with it",
      needs: ["clock-monotonic"],
      minNodes: 1,
      aimsAtLeader: false,
      onlyByName: true,
      aim: (nodes, _, random) => setRate(nodes, random.pick([...slowRates, ...fastRates])),
      choose: driftApart,
    },
  ],
  inject: (site, { nodes, clocks = {} }) => together(nodes.map((node) => begin(site, node, clocks[node]))),
} as const satisfies LastingFault;

function jumped(nodes: readonly string[], _: ClusterView, random: RandomStream): Choice {
  return setWall(nodes, () => jump(random));
}

function drifting(nodes: readonly string[], _: ClusterView, random: RandomStream): Choice {
  return setWall(nodes, () => ({ type: "drift", rate: random.pick([0.25, 0.5, 1.5, 2]) }));
}

function strobing(nodes: readonly string[], _: ClusterView, random: RandomStream): Choice {
  return setWall(nodes, () => ({ ...jump(random), type: "strobe", everyMs: strobeEveryMs }));
}

function jump(random: RandomStream) {
  const sign = random.fraction() < 0.5 ? -1 : 1;
  return { type: "jump", offsetMs: sign * random.pick(jumpsMs) } as const;
}

function minority({ nodes }: ClusterView, random: RandomStream): readonly string[] {
  return random.shuffle(nodes).slice(0, Math.max(1, tolerated(nodes.length)));
}

function setWall(nodes: readonly string[], draw: () => ClockCourse): Choice {
  return { nodes, clocks: Object.fromEntries(nodes.map((node) => [node, { kind: "clock", course: draw() }])) };
}

/** Either way the leader's time passes too slowly for the promises that it has from the others. */
function driftApart(cluster: ClusterView, random: RandomStream): Choice {
  const leader = leaderOrAny(cluster, random);
  const others = cluster.nodes.filter((node) => node !== leader);
  const isSlow = others.length === 0 || random.fraction() < 0.5;
  return setRate(isSlow ? [leader] : others, random.pick(isSlow ? slowRates : fastRates));
}

function setRate(nodes: readonly string[], rate: number): Choice {
  return { nodes, clocks: Object.fromEntries(nodes.map((node) => [node, { kind: "clock-monotonic", rate }])) };
}

/** The machine's evidence, and beside it what the node's own process reports, where the store reports the time. */
async function begin(site: FaultSite, node: string, action: ClockAction | undefined): Promise<Injection> {
  if (action === undefined) throw new RangeError(`no setting was chosen for the clock of ${node}`);
  const watch = await watchClock(site, node);
  const set = await site.host.inject(node, action);
  const seen = await observed(watch, node, expectedOf(action));
  return injection([...set.evidence, ...seen], async () => {
    const healed = await set.heal();
    if (!(await site.host.alive(node))) return healed;
    return [...healed, ...(await observed(watch, node, { type: "true" }))];
  });
}

function expectedOf(action: ClockAction): ExpectedClock {
  return action.kind === "clock" ? action.course : { type: "monotonic-drift", rate: action.rate };
}

/** Null where the store does not report the time; the reason where the node does not. */
async function watchClock({ clocks }: FaultSite, node: string): Promise<ClockWatch | Error | null> {
  if (clocks === undefined) return null;
  return ClockWatch.begin(clocks, node).catch((reason: unknown) => reasonOf(reason));
}

async function observed(watch: ClockWatch | Error | null, node: string, expected: ExpectedClock): Promise<Evidence[]> {
  if (watch === null) return [];
  const silent = ({ message }: Error): Evidence => {
    return { subject: node, observation: `its own process does not report the time: ${message}`, proves: false };
  };
  if (watch instanceof Error) return [silent(watch)];
  return [await watch.observe(expected).catch((reason: unknown) => silent(reasonOf(reason)))];
}

function reasonOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
