import { z } from "zod";
import { readModes } from "../core/types.ts";
import { knobsSchema } from "./knobs.ts";
import { maxNodeIdBytes } from "./storage/superblock-format.ts";

/** A node's id goes into a sector of its superblock. */
const nodeId = z
  .string()
  .min(1)
  .refine((id) => Buffer.byteLength(id) <= maxNodeIdBytes, `expected at most ${maxNodeIdBytes} bytes of UTF-8`);

const endpoint = z.strictObject({ host: z.string().min(1), port: z.number().int().min(0).max(65_535) });

/**
 * What one node is told when it starts. `peers`: how to reach every other node that may ever be a member. `members`: who
 * votes from the beginning, told to all of them alike; left out, the node and all its peers. A node that is not among them,
 * or is told of none, is a spare: it waits to be made a member. What the log says of members counts more, once it does.
 * `httpAddresses`: `HOST:PORT` at which clients reach the HTTP port of each, for sending them on to the leader.
 * `mutant`: which rule the node is to break, by a mutant's id; none, if left out.
 */
export const nodeConfigSchema = z.strictObject({
  id: nodeId,
  dataDir: z.string().min(1),
  listen: z.strictObject({ peer: endpoint, client: endpoint, http: endpoint }),
  peers: z.record(z.string(), endpoint),
  httpAddresses: z.record(z.string(), z.string()).default({}),
  members: z.array(z.string()).optional(),
  readMode: z.enum(readModes),
  mutant: z.string().optional(),
  knobs: knobsSchema,
});

export type NodeConfig = z.output<typeof nodeConfigSchema>;

/** The environment variable with the cluster's secret: arguments are for every user of the machine to see. */
export const secretVariable = "KEELHAUL_CLUSTER_SECRET";
const minSecretCharacters = 32;

/** Throws ConfigError. */
export function readSecret(environment: Readonly<Record<string, string | undefined>>): string {
  const secret = environment[secretVariable] ?? "";
  if (secret.length >= minSecretCharacters) return secret;
  throw new ConfigError(
    `${secretVariable} has ${secret.length} characters; expected at least ${minSecretCharacters}, the same for all nodes`,
  );
}

export class ConfigError extends Error {}

/** The configuration from the text of `--config`. Throws ConfigError, in one line. */
export function parseNodeConfig(text: string | undefined): NodeConfig {
  if (text === undefined) throw new ConfigError("--config is missing; expected the node's configuration as JSON");
  const parsed = nodeConfigSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "--config"}: ${issue.message}`);
    throw new ConfigError(problems.join("; "));
  }
  if (Object.hasOwn(parsed.data.peers, parsed.data.id)) {
    throw new ConfigError(`peers: names the node itself (${parsed.data.id})`);
  }
  const stranger = parsed.data.members?.find((id) => id !== parsed.data.id && !Object.hasOwn(parsed.data.peers, id));
  if (stranger !== undefined) throw new ConfigError(`members: ${stranger} is neither the node itself nor one of peers`);
  return parsed.data;
}

/** The members that the cluster begins with. */
export function initialMembers({ id, peers, members }: NodeConfig): readonly string[] {
  return members ?? [id, ...Object.keys(peers)].sort();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`--config is not JSON: ${(cause as Error).message}`, { cause });
  }
}
