import { z } from "zod";

/** What the program that starts an agent is told, as JSON on its standard input. */
export const launchRequest = z.object({
  token: z.string(),
  leaseMs: z.number().positive(),
  /** What every process of the run gets, so that it can be found when its agent is gone. */
  environment: z.record(z.string(), z.string()),
  logFile: z.string(),
  /** Folders to make. */
  folders: z.array(z.string()).readonly(),
  /** The address on which the nodes are to listen. */
  peer: z.string(),
  /** How many free ports of that address to find. */
  ports: z.number().int(),
});
export type LaunchRequest = z.infer<typeof launchRequest>;

const endpoint = z.object({ host: z.string(), port: z.number().int() });

/** What it prints: where the agent listens, or the machine's addresses where the one that was asked for is not among them. */
export const launched = z.union([
  z.object({ agent: endpoint, ports: z.array(z.number().int()).readonly() }),
  z.object({ addresses: z.array(z.string()).readonly() }),
]);
export type Launched = z.infer<typeof launched>;
