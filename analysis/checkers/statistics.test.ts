import { expect, it } from "vitest";
import { textHistory } from "../test-support/text-history.ts";
import { statisticsChecker } from "./statistics.ts";

it("counts outcomes, errors and latencies by function", () => {
  const history = textHistory(`
    0.5 0 invoke write 1
    1.0 0 ok     write 1
    1.0 0 invoke read
    1.1 0 ok     read 1
    1.1 0 invoke read
    1.4 0 ok     read 1
    1.4 0 invoke write 2
    1.5 1 invoke cas 7>8
    2.0 1 fail   cas 7>8 !cas-mismatch
    2.5 0 info   write 2 !timeout
    2.5 1 invoke read          # never answered`);
  expect(statisticsChecker.check(history)).toEqual({
    verdict: "valid",
    summary: "3 ok, 1 failed, 2 unknown; 3 per second",
    total: { ok: 3, fail: 1, info: 2 },
    byFunction: {
      write: { ok: 1, fail: 0, info: 1, latencyMs: { p50: 500, p95: 500, p99: 500, max: 500 } },
      read: { ok: 2, fail: 0, info: 1, latencyMs: { p50: 100, p95: 300, p99: 300, max: 300 } },
      cas: { ok: 0, fail: 1, info: 0, latencyMs: null },
    },
    byError: { "cas-mismatch": 1, timeout: 1 },
    perSecond: 2.5,
  });
});

it("never calls a run valid in which nothing went through", () => {
  const refused = textHistory("0 invoke read\n0 fail read !not-sent");
  expect(statisticsChecker.check(refused)).toMatchObject({
    verdict: "unknown",
    summary: "nothing was tested: 1 operations were invoked, and none ended ok",
  });
});

it("counts latency from when an operation was due too, where one had to wait for a free client", () => {
  const [invoke, ok] = textHistory("1.0 0 invoke read\n1.1 0 ok read 1");
  const late = statisticsChecker.check([{ ...invoke!, intendedNs: 0.5e9 }, ok!]);
  expect(late.byFunction["read"]).toMatchObject({ latencyMs: { p50: 100 }, latencyFromDueMs: { p50: 600 } });
});
