import type { WriteStream } from "node:tty";
import { render } from "ink";
import { messageOf } from "../../errors/errors.ts";
import { keyDeeds } from "../cluster/keys.ts";
import type { LocalCluster, NodeView } from "../cluster/local-cluster.ts";
import { ClusterView } from "./cluster-view.tsx";

const looksEveryMs = 500;

/** Draws the cluster on a terminal and obeys its keys, until the signal aborts; `quit` is what Ctrl-C and `q` call. */
export async function showCluster(
  cluster: LocalCluster,
  title: string,
  until: { readonly signal: AbortSignal; readonly quit: () => void },
  stream: WriteStream,
): Promise<void> {
  let nodes: readonly NodeView[] = await cluster.look();
  let message = "";
  const say = (text: string) => {
    message = text;
    app.rerender(view());
  };
  const onDeed = (key: string, node: string) => {
    const deed = keyDeeds.find((candidate) => candidate.key === key)!;
    say(`${deed.label}: ${node} …`);
    deed.deed(cluster, node).then(say, (error: unknown) => say(messageOf(error)));
  };
  const view = () => <ClusterView title={title} nodes={nodes} message={message} onDeed={onDeed} onQuit={until.quit} />;
  const app = render(view(), { stdout: stream, exitOnCtrlC: false, patchConsole: false });
  const timer = setInterval(async () => {
    nodes = await cluster.look();
    if (!until.signal.aborted) app.rerender(view());
  }, looksEveryMs);
  if (!until.signal.aborted) await new Promise((resolve) => until.signal.addEventListener("abort", resolve));
  clearInterval(timer);
  app.unmount();
  await app.waitUntilExit();
}
