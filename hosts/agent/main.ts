import { Agent } from "./agent.ts";
import { agentConfig } from "./protocol.ts";

/** The agent's program. Reads its configuration from `KEELHAUL_AGENT`, and says on its first line where it listens. */
const { KEELHAUL_AGENT: config, ...environment } = process.env; // node processes don't get the token
const agent = new Agent(agentConfig.parse(JSON.parse(config ?? "null")), environment, () => process.exit(0));

process.on("SIGHUP", () => {}); // a closed terminal is not the end of a run
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void agent.end());
process.stdout.on("error", () => {}); // the reader of the first line has gone, which its lease will tell

console.log(`listening ${await agent.listen()}`);
