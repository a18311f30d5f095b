import type { ReadStream, WriteStream } from "node:tty";
import { messageOf } from "../../errors/errors.ts";
import { type Clock, sleepMs } from "../../time/clock.ts";
import { keyActions } from "../cluster/keys.ts";
import type { LocalCluster, NodeView } from "../cluster/local-cluster.ts";
import { clusterKey } from "./cluster-keys.ts";
import { type ClusterHeading, clusterView } from "./cluster-view.ts";
import { readKeys } from "./key-input.ts";
import { LiveScreen } from "./live-region.ts";
import { painterFor } from "./terminal.ts";
import { untilExit } from "./until-exit.ts";

const observedEveryMs = 500;

interface ClusterTerminal {
  readonly output: WriteStream;
  readonly input: ReadStream;
  readonly clock: Clock;
}

/** Draws the cluster on a terminal and obeys its keys, until the signal aborts; `quit` is what Ctrl-C and `q` call. */
export async function showCluster(
  cluster: LocalCluster,
  heading: ClusterHeading,
  until: { readonly signal: AbortSignal; readonly quit: () => void },
  { output, input, clock }: ClusterTerminal,
): Promise<void> {
  const paint = painterFor(output);
  let nodes: readonly NodeView[] = await cluster.observe();
  let selected = 0;
  let message = "";
  const region = new LiveScreen(output, (size) => clusterView({ ...heading, nodes, selected, message }, size, paint));
  using _region = untilExit(region);
  const say = (text: string): void => {
    message = text;
    region.draw();
  };
  const act = (key: string, node: NodeView | undefined): void => {
    const action = keyActions.find((candidate) => candidate.key === key);
    if (action === undefined || node === undefined) return;
    say(`${action.label}: ${node.id} …`);
    action.run(cluster, node.id).then(say, (error: unknown) => say(messageOf(error)));
  };
  const hear = (key: string): void => {
    const asked = clusterKey(key, selected, nodes.length);
    if (asked.type === "quit") until.quit();
    if (asked.type === "act") act(asked.key, nodes[selected]);
    if (asked.type === "select") selected = asked.place;
    region.draw();
  };
  using _keys = untilExit(readKeys(input, hear));
  while (!until.signal.aborted) {
    region.draw();
    await sleepMs(clock, observedEveryMs, until.signal);
    nodes = await cluster.observe();
  }
}
