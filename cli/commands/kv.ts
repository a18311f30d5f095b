import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import type { HttpRequest } from "../../sut/raft/client/http.ts";
import { type Announcement, runningClusters } from "../cluster/announcement.ts";
import { readTokenFile } from "../cluster/token-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { NodeAnswer } from "../kv/call-node.ts";
import { askCluster } from "../kv/cluster-client.ts";
import { visible, visibleLine } from "../visible.ts";

interface KvFlags {
  readonly cluster?: string;
  readonly node?: string;
  readonly tokenFile?: string;
}

/** `keelhaul kv`: one request to a running cluster; its answer is JSON on stdout. */
export async function sendRequest(request: HttpRequest, { cluster, node, tokenFile }: KvFlags): Promise<void> {
  const announced = await runningClusters();
  const given = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const addresses = cluster === undefined ? addressesOf(announced) : parseAddresses(cluster);
  const targets = addresses.map((address) => ({ address, token: given ?? announcedToken(announced, address) }));
  finish(await askCluster(targets, request, node));
}

/** Without a token the node's own words say where it is. */
function announcedToken(clusters: readonly Announcement[], address: string): string | undefined {
  const announced = address.replace(/^localhost:/, "127.0.0.1:");
  return clusters.find(({ nodes }) => nodes.some(({ http }) => http === announced))?.token;
}

function addressesOf(clusters: readonly Announcement[]): readonly string[] {
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
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong === undefined) return addresses;
  throw new UsageError(`--cluster: got ${quote(wrong)}; expected HOST:PORT, several by comma`);
}

function isAddress(text: string): boolean {
  const port = Number(/^[^\s/:]+:(\d{1,5})$/.exec(text)?.[1]);
  return port >= 1 && port <= 65_535;
}

const unknownOutcomes = new Set(["timeout", "outcome-unknown"]);

function finish(answer: NodeAnswer): void {
  if (answer.ok) {
    process.stdout.write(`${visible(JSON.stringify(answer.body))}\n`);
    return;
  }
  const code = answer.type === "answered" ? answer.code : answer.type;
  process.stderr.write(`keelhaul: ${visibleLine(`${code}: ${answer.message}`)}\n`);
  const unknown = answer.type === "no-answer" || unknownOutcomes.has(code);
  process.exitCode = unknown ? exitCodes.unknown : exitCodes.invalid;
}
