import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { machineClock } from "../../../time/clock.ts";
import { type Conduct, conductOf } from "../mutants/registry.ts";
import { reasonOf } from "./assemble.ts";
import { ConfigError, type NodeConfig, parseNodeConfig, readSecret } from "./config.ts";
import { exitCodes } from "./exit-codes.ts";
import { ListenError, startNode } from "./node.ts";
import { localDisk } from "./storage/local-disk.ts";

/** One node as a process: `node raft-node.mjs --config '<json>'`. Logs to stdout; refusals in one line on stderr. */
async function main(): Promise<void> {
  const config = readConfig();
  const secret = readSecret(process.env);
  const log = pino({ base: { node: config.id } });
  const node = await startNode({
    config,
    secret,
    ...conductFor(config),
    log,
    disk: localDisk({ fsync: config.knobs.fsync }),
    newStoreId: () => randomBytes(8).toString("hex"),
    timeOfDayMs: Date.now,
    clock: machineClock(), // traces of several nodes are put in order by its time
    random: Math.random,
    onFatal: (reason) => process.exit(exitCodes[reason]),
  });
  process.once("SIGTERM", () => {
    node.close().then(
      () => process.exit(0),
      (error: Error) => refuse(exitCodes.storage, error.message),
    );
  });
}

function readConfig(): NodeConfig {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  return parseNodeConfig(values.config);
}

function conductFor({ mutant }: NodeConfig): Conduct {
  try {
    return conductOf(mutant);
  } catch (cause) {
    throw new ConfigError(`mutant: ${(cause as Error).message}`, { cause });
  }
}

function refuse(code: number, message: string): never {
  process.stderr.write(`raft-node: ${message}\n`);
  process.exit(code);
}

main().catch((error: NodeJS.ErrnoException) => {
  if (error instanceof ConfigError || error.code?.startsWith("ERR_PARSE_ARGS"))
    refuse(exitCodes.badConfig, error.message);
  if (error instanceof ListenError) refuse(exitCodes.portTaken, error.message);
  const reason = reasonOf(error);
  if (reason !== "bug") refuse(exitCodes[reason], error.message);
  throw error;
});
