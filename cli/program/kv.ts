import { Command } from "commander";
import type { HttpRequest } from "../../sut/raft/client/http.ts";
import * as requests from "../kv/requests.ts";
import { helpCommandPurpose } from "./common-options.ts";
import { type HelpSection, withHelp } from "./help.ts";

interface KvFlags {
  readonly cluster?: string;
  readonly node?: string;
  readonly tokenFile?: string;
}

export function kvCommand(): Command {
  const command = new Command("kv")
    .description("Read and write a running Raft cluster, and change its members and leader")
    .commandsGroup("Help:")
    .helpCommand("help [command]", helpCommandPurpose)
    .option("--cluster <addresses>", "HTTP addresses HOST:PORT, separated by commas (default: the running cluster)")
    .option("--node <id>", "ask this node instead of the leader")
    .option("--token-file <file>", "a file with the HTTP token of the cluster (default: that of your running cluster)");
  const answer = async (request: HttpRequest): Promise<void> => {
    const { sendRequest } = await import("../commands/kv.ts");
    await sendRequest(request, command.opts<KvFlags>());
  };
  const add = (group: string, usage: string, description: string, toRequest: (...operands: string[]) => HttpRequest) =>
    withHelp(
      command
        .command(usage)
        .helpGroup(group)
        .description(description)
        .action((...given: unknown[]) =>
          answer(toRequest(...given.filter((operand): operand is string => typeof operand === "string"))),
        ),
      [],
    );

  withHelp(
    command
      .command("get <key>")
      .helpGroup("Keys:")
      .description("Print the value of a key")
      .option("--read <mode>", "how the read is answered, such as local (default: the cluster's read mode)")
      .action((key: string, { read }: { read?: string }) => answer(requests.get(key, read))),
    [],
  );
  add("Keys:", "put <key> <value>", "Set a key", requests.put);
  add("Keys:", "cas <key> <expected> <value>", "Set a key if it holds the expected value (null: absent)", requests.cas);
  add("Keys:", "incr <key> [by]", "Add to the number that a key holds (default: 1)", requests.incr);
  add("Keys:", "append <key> <element>", "Append an element to the list that a key holds", requests.append);
  add("Keys:", "delete <key>", "Delete a key", requests.remove);
  add(
    "Keys:",
    "txn <steps>",
    'Run all steps or none; a step is ["r",key], ["w",key,value], ["append",key,element] or ["cas",key,[old,new]]',
    requests.transaction,
  );
  add("Cluster:", "status", "Print the state of the leader, or of --node", requests.status);
  add("Cluster:", "members", "Print the members", requests.members);
  add("Cluster:", "add-member <id> [role]", "Add a node as a learner (default) or voter", requests.addMember);
  add("Cluster:", "promote <id>", "Make a learner a voter", requests.promote);
  add("Cluster:", "remove-member <id>", "Remove a member", requests.removeMember);
  add("Cluster:", "transfer <id>", "Transfer the leadership to a voter", requests.transfer);
  return withHelp(command, [examples, kvExitCodes]);
}

const examples: HelpSection = {
  title: "Examples (values are JSON):",
  below: true,
  items: [
    ["keelhaul kv put x 41", "with the cluster that `keelhaul cluster` runs on this machine"],
    ['keelhaul kv put user \'{"name":"Ann"}\'', "JSON in quotes, so that the shell passes it on"],
    ["keelhaul kv --node n2 get x --read local", "what n2 has applied, which may be stale"],
    [`keelhaul kv txn '[["r","x"],["w","y",1]]'`, "read x and write y, in one transaction"],
    ["keelhaul kv add-member n4 && keelhaul kv promote n4", "a spare becomes a voter"],
  ],
};

const kvExitCodes: HelpSection = {
  title: "Exit codes:",
  items: [
    ["0", "done"],
    ["1", "rejected, or no node was reached"],
    ["2", "unknown: it may or may not have happened"],
    ["254", "bad arguments"],
  ],
};
