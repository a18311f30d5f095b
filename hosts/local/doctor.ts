import { once } from "node:events";
import { createServer } from "node:net";
import type { Edge } from "../../history/annotations.ts";
import { bundlesFolder } from "../agent/bundles.ts";
import { ProxyLinks } from "../agent/links/proxy.ts";
import { Processes } from "../agent/processes.ts";
import type { DoctorRow } from "../backend.ts";
import { bundlesRow } from "./built.ts";
import { freePorts } from "./ports.ts";
import { findRunProcesses } from "./run-processes.ts";

/** Tries each capability of the local backend on this machine. */
export async function localDoctor(): Promise<readonly DoctorRow[]> {
  return [
    bundlesRow(bundlesFolder()),
    await tried("kill, pause", triedSignals, "run on Linux or macOS"),
    await tried("cut", triedCut, "let this user listen on 127.0.0.1"),
    await tried("clean", triedFinding, "install `ps` (procps)"),
  ];
}

/** A row that says what a trial found; a trial that fails throws. */
export async function tried(what: string, trial: () => Promise<string>, remedy: string): Promise<DoctorRow> {
  try {
    return { what, works: true, detail: await trial(), remedy };
  } catch (error) {
    return { what, works: false, detail: error instanceof Error ? error.message : String(error), remedy };
  }
}

async function triedSignals(): Promise<string> {
  const processes = new Processes(process.env);
  const waiting = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], env: {}, cwd: "/" };
  await processes.start({ node: "trial", ...waiting, log: "/dev/null" });
  const evidence = [await processes.pause("trial"), await processes.resume("trial"), await processes.kill("trial")];
  const failed = evidence.find(({ proves }) => !proves);
  if (failed) throw new Error(failed.observation);
  return "signals, shown by the process state";
}

async function triedCut(): Promise<string> {
  const [port] = await freePorts(1);
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(port, "127.0.0.1"), "listening");
  const end = { host: "127.0.0.1", port: port! };
  const links = await ProxyLinks.open({ a: end, b: end });
  const edge: Edge = ["a", "b"];
  try {
    const open = await links.probe(edge, 1000);
    await links.cut([edge]);
    const cut = await links.probe(edge, 50);
    if (open.outcome !== "connected" || cut.outcome !== "unanswered") {
      throw new Error(`a probe was ${open.outcome} before and ${cut.outcome} after cutting`);
    }
    return "any directed edge, by the link proxy";
  } finally {
    await links.close();
    server.close();
  }
}

async function triedFinding(): Promise<string> {
  await findRunProcesses();
  return "processes of killed runs are found by their environment";
}
