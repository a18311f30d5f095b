import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const youngBytes = 4 * 1024 * 1024;

/**
 * Keeps garbage from growing the heap until it is disposed of. Both bounds hold for all threads.
 *
 * - The young generation stops growing soon after it has 4 MB; growth is ahead of the observer, so it settles at 16 to 26 MB.
 *   V8 doubles it each time that as much as it holds has survived, up to 128 MB. V8's own bound, `--max-semi-space-size`, works
 *   only on Node's command line.
 * - The old one is collected when it is half as large again as what was in use. V8 waits for four times as much.
 */
export function boundHeapGrowth(): Disposable {
  const resources = new DisposableStack();
  setFlagsFromString("--heap-growing-percent=50");
  resources.defer(() => setFlagsFromString("--heap-growing-percent=0"));
  const observer = resources.adopt(new PerformanceObserver(boundYoung), (each) => each.disconnect());
  function boundYoung(): void {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    if (young === undefined || young.physical_space_size < youngBytes) return;
    observer.disconnect();
    setFlagsFromString("--semi-space-growth-factor=1");
    resources.defer(() => setFlagsFromString("--semi-space-growth-factor=2"));
  }
  observer.observe({ entryTypes: ["gc"] });
  boundYoung();
  return resources;
}
