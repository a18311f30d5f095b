import { Command } from "commander";
import { quote } from "../../controller/plan/plan-options.ts";
import { UsageError } from "../../errors/errors.ts";
import { runningClusters } from "../cluster/announcement.ts";
import { exitCodes } from "../exit-codes.ts";
import type { NodeAnswer, NodeRequest } from "../kv/call-node.ts";
import { askCluster } from "../kv/cluster-client.ts";

interface KvFlags {
  readonly cluster?: string;
  readonly node?: string;
}

/** `keelhaul kv`: one request to a running cluster; its answer is JSON on stdout. */
export function kvCommand(): Command {
  const command = new Command("kv")
    .description("read and write a running Raft cluster")
    .option(
      "--cluster <addresses>",
      "HTTP addresses, HOST:PORT by comma (default: the cluster that `keelhaul cluster` runs)",
    )
    .option("--node <id>", "ask this node, not the leader")
    .addHelpText(
      "after",
      "\nValues are JSON: 1, true, null, '\"text\"', '[1,2]', '{\"a\":1}'." +
        "\nExit codes: 0 done, 1 refused or not reached, 2 it may or may not have happened, 254 bad arguments.",
    );
  const add = (usage: string, description: string, toRequest: (...operands: string[]) => NodeRequest) =>
    command
      .command(usage)
      .description(description)
      .action(async (...given: unknown[]) => {
        const operands = given.filter((operand): operand is string => typeof operand === "string");
        finish(await send(toRequest(...operands), command.opts<KvFlags>()));
      });

  command
    .command("get <key>")
    .description("what the key holds")
    .option("--read <mode>", "how the read is answered, such as local (default: as the cluster was started)")
    .action(async (key: string, { read }: { read?: string }) => {
      const path = read === undefined ? keyPath(key) : `${keyPath(key)}?read=${encodeURIComponent(read)}`;
      finish(await send({ method: "GET", path }, command.opts<KvFlags>()));
    });
  add("put <key> <value>", "make the key hold the value", (key, value) => ({
    method: "PUT",
    path: keyPath(key),
    body: json("value", value),
  }));
  add(
    "cas <key> <expected> <value>",
    "put the value if the key holds the expected one (null: nothing)",
    (key, expected, value) => ({
      method: "POST",
      path: `${keyPath(key)}/cas`,
      body: `{"expected":${json("expected", expected)},"value":${json("value", value)}}`,
    }),
  );
  add("incr <key> [by]", "add to the key's number (default 1)", (key, by = "1") => ({
    method: "POST",
    path: `${keyPath(key)}/incr`,
    body: `{"by":${json("by", by)}}`,
  }));
  add("append <key> <element>", "add an element to the key's list", (key, element) => ({
    method: "POST",
    path: `${keyPath(key)}/append`,
    body: json("element", element),
  }));
  add("delete <key>", "make the key absent", (key) => ({ method: "DELETE", path: keyPath(key) }));
  add(
    "txn <steps>",
    'do all of it or nothing: \'[["r","x"],["w","y",1],["append","l",2],["cas","z",[1,2]]]\'',
    (steps) => ({
      method: "POST",
      path: "/txn",
      body: json("steps", steps),
    }),
  );
  add("status", "what the leader, or --node, tells of itself", () => ({ method: "GET", path: "/status" }));
  add("members", "who the members are", () => ({ method: "GET", path: "/members" }));
  add("add-member <id> [role]", "add a node as a learner (default) or voter", (id, role = "learner") => ({
    method: "POST",
    path: "/members",
    body: JSON.stringify({ id, role }),
  }));
  add("promote <id>", "make a learner a voter", (id) => ({ method: "POST", path: `${memberPath(id)}/promote` }));
  add("remove-member <id>", "remove a member", (id) => ({ method: "DELETE", path: memberPath(id) }));
  add("transfer <id>", "hand the leadership over to a voter", (id) => ({
    method: "POST",
    path: "/transfer",
    body: JSON.stringify({ to: id }),
  }));
  return command;
}

async function send(request: NodeRequest, { cluster, node }: KvFlags): Promise<NodeAnswer> {
  return askCluster(cluster === undefined ? await foundAddresses() : parseAddresses(cluster), request, node);
}

async function foundAddresses(): Promise<readonly string[]> {
  const clusters = await runningClusters();
  if (clusters.length > 1) {
    const each = clusters.map(({ nodes }) => nodes.map(({ http }) => http).join(",")).join(" or ");
    throw new UsageError(`--cluster: ${clusters.length} clusters are running; expected ${each}`);
  }
  const nodes = clusters[0]?.nodes;
  if (nodes === undefined)
    throw new UsageError("no cluster is running; start one with `keelhaul cluster`, or name one with --cluster");
  return nodes.map(({ http }) => http);
}

function parseAddresses(text: string): readonly string[] {
  const addresses = text.split(",");
  const wrong = addresses.find((address) => !/^[^\s/:]+:\d{1,5}$/.test(address));
  if (wrong === undefined) return addresses;
  throw new UsageError(`--cluster: got ${quote(wrong)}; expected HOST:PORT, several by comma`);
}

/** The operand as it stands, once it is known to be JSON. */
function json(name: string, text: string | undefined): string {
  try {
    JSON.parse(text ?? "");
    return text ?? "";
  } catch {
    throw new UsageError(`${name}: got ${text}; expected JSON, such as 1, '"text"' or '{"a":1}'`);
  }
}

function keyPath(key = ""): string {
  if (key === "") throw new UsageError("key: got an empty one; expected at least one character");
  return `/kv/${encodeURIComponent(key)}`;
}

function memberPath(id = ""): string {
  return `/members/${encodeURIComponent(id)}`;
}

const unknownOutcomes = new Set(["timeout", "outcome-unknown"]);

function finish(answer: NodeAnswer): void {
  if (answer.ok) {
    process.stdout.write(`${JSON.stringify(answer.body)}\n`);
    return;
  }
  const code = answer.type === "answered" ? answer.code : answer.type;
  process.stderr.write(`keelhaul: ${code}: ${answer.message}\n`);
  const unknown = answer.type === "no-answer" || unknownOutcomes.has(code);
  process.exitCode = unknown ? exitCodes.unknown : exitCodes.invalid;
}
