import { shards } from "../examples/own-system/shards.ts";
import type { HostNode, System } from "../index.ts";

/**
 * A store in one file, which its configuration writes: the primary holds all data, and the others forward to it. A node serves
 * nothing until `POST /join` names the primary, and does not start where nothing was installed.
 */
const program = `
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
if (!existsSync("installed")) throw new Error("nothing was installed");
const { id, listen, restart } = JSON.parse(readFileSync("store.json", "utf8"));
let primary = null;
const values = new Map();
const answers = {
  "/ping": async () => ({ role: primary === null ? "waiting" : primary.id === id ? "primary" : "replica" }),
  "/join": async (told) => { primary = told; return {}; },
  "/": async (asked) => primary.id === id ? carryOut(asked) : forward(asked),
};
createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  response.end(JSON.stringify(await answers[request.url](body === "" ? null : JSON.parse(body))));
}).listen(listen.port, listen.host);
function carryOut({ f, key, value }) {
  const held = values.get(key) ?? null;
  if (f === "read") return { value: held };
  if (f === "cas" && held !== value[0]) return { refused: true };
  values.set(key, f === "cas" ? value[1] : value);
  return { value };
}
async function forward(asked) {
  return (await fetch("http://" + primary.host + ":" + primary.port, { method: "POST", body: JSON.stringify(asked) })).json();
}
`;

async function ask(node: HostNode, path: string, body: unknown, signal: AbortSignal): Promise<Record<string, unknown>> {
  const { host, port } = node.addresses.reach["http"]!;
  const response = await fetch(`http://${host}:${port}${path}`, { method: "POST", body: JSON.stringify(body), signal });
  return (await response.json()) as Record<string, unknown>;
}

/**
 * Speaks to clients as the store of the example does. Needs an installation, configuration files and a step after its start; says
 * itself when it is ready.
 */
export const firstToServe: System = {
  ...shards,
  name: "first-to-serve",
  readModes: ["primary"],
  defaultReadMode: "primary",
  startsInTurn: true,
  install: async ({ run }) => {
    await run({ program: process.execPath, args: ["-e", "require('fs').writeFileSync('installed', '1')"] });
  },
  processes: ({ id, addresses }, _cluster, { restart = false }) => [
    {
      program: process.execPath,
      args: ["store.mjs"],
      env: {},
      configuration: {
        "store.mjs": program,
        "store.json": JSON.stringify({ id, listen: addresses.listen["http"], restart }),
      },
    },
  ],
  form: async (machines) => {
    const [first] = machines;
    for (const { node } of machines) {
      const { http } =
        first!.node.id === node.id ? first!.node.addresses.listen : node.addresses.peers[first!.node.id]!;
      await ask(node, "/join", { id: first!.node.id, ...http }, AbortSignal.timeout(1000));
    }
  },
  lacks: async (cluster, timeoutMs) => {
    const roles = await Promise.all(cluster.map((node) => roleOf(node, timeoutMs)));
    return roles.includes("waiting") ? `nodes wait to join (${roles.join(", ")})` : null;
  },
};

/** The same with roles of its own that the observer records; operators can change nothing. */
export const primaryAndReplicas: System = {
  ...firstToServe,
  name: "primary-and-replicas",
  inspector: {
    electsByTerms: false,
    inspect: async (node, timeoutMs) => {
      const role = await roleOf(node, timeoutMs);
      return { node: node.id, role, leads: role === "primary" };
    },
  },
};

async function roleOf(node: HostNode, timeoutMs: number): Promise<string> {
  return String((await ask(node, "/ping", null, AbortSignal.timeout(timeoutMs)))["role"]);
}
