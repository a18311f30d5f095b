import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const boundBytes = 8 * 1024 * 1024;

/**
 * Stops the growth of this thread's young generation at 8 to 16 MB until it is disposed of. V8 doubles it each time that
 * as much as it holds has survived, up to 128 MB, and a long run fills that with garbage. V8's own bound,
 * `--max-semi-space-size`, works only on Node's command line. All threads share the growth factor that is set here.
 */
export function boundYoungGeneration(): Disposable {
  const resources = new DisposableStack();
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < boundBytes) return;
    observer.disconnect();
    setFlagsFromString("--semi-space-growth-factor=1");
    resources.defer(() => setFlagsFromString("--semi-space-growth-factor=2"));
  });
  resources.defer(() => observer.disconnect());
  observer.observe({ entryTypes: ["gc"] });
  return resources;
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
}
