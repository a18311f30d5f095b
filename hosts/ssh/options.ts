import { z } from "zod";
import { UsageError } from "../../errors/errors.ts";
import { expected } from "../../errors/schemas.ts";
import type { BackendOptions } from "../backend-option.ts";
import { hostFields, parseAddress, parseHosts, shortForm } from "./host-address.ts";

const expectedHosts = expected("hosts such as root@10.0.0.1,root@10.0.0.2:2222, or a list of them");

/** As text in the form that the command line takes, so that the command that repeats a run names the same hosts. */
const hosts = z
  .union([z.string().min(1), z.array(z.union([z.string(), hostFields])).min(1)], expectedHosts)
  .transform((given, context) => {
    const list = typeof given === "string" ? [given] : given;
    const text = list.map((host) => (typeof host === "string" ? host : shortForm(host))).join(",");
    return checked(text, parseHosts, context);
  });

function checked(text: string, parse: (text: string) => unknown, context: z.RefinementCtx): string {
  try {
    parse(text);
    return text;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
}

const path = z.string(expected("a path")).min(1);

export const sshOptions = {
  hosts: {
    schema: hosts,
    argument: "<hosts>",
    help: "the machines, as user@host:port,…; +peer=ADDRESS names where peers reach one",
    usually: "required, or --hosts-file",
  },
  hostsFile: {
    schema: path,
    argument: "<file>",
    help: "a YAML or JSON file with a list of hosts",
    usually: "none",
  },
  sshUser: {
    schema: z.string(expected("a user's name")).regex(/^[\w.][\w.-]*$/, expected("a user's name")),
    argument: "<name>",
    help: "the user to log in as, where a host names none",
    usually: "your own name",
  },
  sshKey: {
    schema: path,
    argument: "<file>",
    help: "the private key to log in with",
    usually: "the ssh agent's, then id_ed25519, id_ecdsa and id_rsa in ~/.ssh",
  },
  sshAgent: {
    schema: path,
    argument: "<socket>",
    help: "the socket of the ssh agent",
    usually: "SSH_AUTH_SOCK",
  },
  sshJump: {
    schema: z
      .string(expected("a host such as user@bastion:22"))
      .transform((given, context) => checked(given, parseAddress, context)),
    argument: "<host>",
    help: "go through this host, as user@host:port",
    usually: "none",
  },
  knownHosts: {
    schema: path,
    argument: "<file>",
    help: "the file with the keys of known hosts",
    usually: "~/.ssh/known_hosts",
  },
  hostKeys: {
    schema: z.enum(["known", "accept-new"]),
    argument: "<which>",
    help: "known: refuse unknown host keys; accept-new: add them to the file of known hosts",
    usually: "known",
  },
} as const satisfies BackendOptions;
