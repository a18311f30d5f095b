import { z } from "zod";
import { settableClocks } from "../host.ts";
import { measurement, sample } from "../links/sample.ts";
import { actionRequest } from "./actions/registry.ts";

/**
 * What the controller may ask of an agent: one POST a call, JSON both ways, a bearer token, and this file as the only
 * description of it. Both ends validate, so that a bundle of another version is refused by name and not by accident.
 */

const endpoint = z.object({ host: z.string(), port: z.number().int() });
const edge = z.tuple([z.string(), z.string()]).readonly();
const evidence = z.object({ subject: z.string(), observation: z.string(), proves: z.boolean() });
const onNode = z.object({ node: z.string() });
const onEdges = z.object({ edges: z.array(edge).readonly() });
const nothing = z.object({});

/** Where a node's peers connect, by the names of the ports. */
const peerPorts = z.record(z.string(), endpoint);

/** How the agent can cut: as the proxy that all links of a machine run through, or by its own machine's packet filter. */
const linkPlan = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("proxy"), nodes: z.record(z.string(), peerPorts) }),
  z.object({
    kind: z.literal("iptables"),
    run: z.string(),
    self: z.string(),
    nodes: z.record(z.string(), peerPorts),
    /** Whether the agent's user needs sudo for it. */
    sudo: z.boolean(),
  }),
]);

const listener = z.object({ edge, name: z.string(), port: z.number().int() });

const probe = z.object({
  edge,
  /** `connected` and `refused` both prove that the edge lets packets through; only `unanswered` is what a cut looks like. */
  outcome: z.enum(["connected", "refused", "unanswered", "failed"]),
  afterMs: z.number(),
  detail: z.string(),
});

/** Part of a file name that controllers write, so never of a path. */
const fileEnding = z.string().regex(/^[\w.-]+$/);

const drops = z.object({ edge, count: z.number(), unit: z.string() });

/** `running` and `paused` have a process; `down` has none. */
const processState = z.object({ state: z.enum(["running", "paused", "down"]), pid: z.number().int().optional() });

/** A process that ended though no call had asked for that. */
const processEnd = onNode.extend({
  process: z.string().optional(),
  agoMs: z.number(),
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  lastLine: z.string().nullable(),
  /** Why the node is not to blame, such as damage to its files. */
  excuse: z.string().optional(),
});

export const calls = {
  /** Lays the links. For the proxy the answer says where each edge's listener is, for each of the ports. */
  setup: {
    request: linkPlan,
    reply: z.object({ listeners: z.array(listener) }),
  },
  /** Gives a node a disk of its own: an image file with XFS, mounted on a directory. */
  disk: {
    request: onNode.extend({ run: z.string(), directory: z.string(), image: z.string() }),
    reply: nothing,
  },
  start: {
    request: z.object({
      node: z.string(),
      /** Among the processes of its node; left out: the main one. */
      name: z.string().optional(),
      command: z.string(),
      args: z.array(z.string()).readonly(),
      env: z.record(z.string(), z.string()),
      cwd: z.string(),
      log: z.string(),
      /** Files to write first, text by path; relative ones lie in `cwd`. */
      configuration: z.record(z.string(), z.string()).optional(),
      /** More files that `GET /file/NODE/ENDING` is to answer, by their endings; its log is always one. */
      files: z.record(z.string(), z.string()).optional(),
      /** The clocks that faults may set while it runs. */
      clocks: z.enum(settableClocks).optional(),
    }),
    reply: evidence,
  },
  /** Runs a program to its end. */
  run: {
    request: z.object({
      command: z.string(),
      args: z.array(z.string()).readonly(),
      env: z.record(z.string(), z.string()),
      cwd: z.string(),
      timeoutMs: z.number().positive(),
    }),
    reply: z.object({ code: z.number().int(), output: z.string() }),
  },
  kill: { request: onNode, reply: evidence },
  /** Does something that can be undone, under an id of the controller's choice. */
  inject: {
    request: z.object({ hold: z.string(), action: actionRequest }),
    reply: z.object({ evidence: z.array(evidence).readonly() }),
  },
  /** Undoes it, but for targets that another hold has too. `lapsed`: the lease had undone it before. */
  heal: {
    request: z.object({ hold: z.string() }),
    reply: z.object({ evidence: z.array(evidence).readonly(), lapsed: z.boolean() }),
  },
  state: { request: onNode, reply: processState },
  /** What a controller that takes over has to know: what is to be healed, and the endings of each node's files. */
  inventory: {
    request: nothing,
    reply: z.object({
      holds: z.array(z.object({ hold: z.string(), action: actionRequest })),
      files: z.record(z.string(), z.array(fileEnding)),
    }),
  },
  /** All that ended by themselves so far. */
  ends: { request: nothing, reply: z.object({ ends: z.array(processEnd) }) },
  probe: { request: onEdges.extend({ timeoutMs: z.number() }), reply: z.object({ probes: z.array(probe) }) },
  drops: { request: onEdges, reply: z.object({ drops: z.array(drops) }) },
  /** Where the machine of a node answers samples. */
  echo: { request: onNode, reply: z.object({ port: z.number().int() }) },
  /** Measures how edges carry what is sent along them; the port is that of the echo at their ends, by node. */
  sample: {
    request: onEdges.extend({ echoPorts: z.record(z.string(), z.number().int()), measurement }),
    reply: z.object({ samples: z.array(z.object({ edge, sample })) }),
  },
  /** Renews the lease, as every call does. `lapses` counts how often it ran out while a fault was on. */
  renew: { request: nothing, reply: z.object({ lapses: z.number().int() }) },
  /** Ends all processes, mends all links, and then the agent itself. */
  end: { request: nothing, reply: nothing },
} as const satisfies Record<string, { request: z.ZodType; reply: z.ZodType }>;

/** The ending of a process's log, by the name of the process. */
export function logEnding(name: string | undefined): string {
  return name === undefined ? "log" : `${name}.log`;
}

export type CallName = keyof typeof calls;
export type Request<Name extends CallName> = z.infer<(typeof calls)[Name]["request"]>;
export type Reply<Name extends CallName> = z.infer<(typeof calls)[Name]["reply"]>;
export type PeerPorts = Readonly<z.infer<typeof peerPorts>>;
export type Listener = z.infer<typeof listener>;
export type LinkPlan = z.infer<typeof linkPlan>;
export type Probe = z.infer<typeof probe>;
export type Drops = z.infer<typeof drops>;
export type ProcessState = z.infer<typeof processState>;

/** What the agent is told at its start, as JSON in the environment variable `KEELHAUL_AGENT`. */
export const agentConfig = z.object({
  listen: endpoint,
  token: z.string().min(16),
  leaseMs: z.number().positive(),
});
export type AgentConfig = z.infer<typeof agentConfig>;

/** How long faults outlive the last call of a controller. It renews once a second, so two renewals may be lost. */
export const defaultLeaseMs = 3000;
