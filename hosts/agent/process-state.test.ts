import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { cpuTimeMs, parseCpuTime } from "./process-state.ts";

it("reads the CPU time of a process, until it is gone", async () => {
  const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  await expect.poll(() => cpuTimeMs(busy.pid!)).toBeGreaterThan(200);
  busy.kill("SIGKILL");
  await once(busy, "exit");
  expect(await cpuTimeMs(busy.pid!)).toBeUndefined();
});

it.each([
  ["0:00.18", 180],
  ["12:34.50", 754_500],
  ["00:01:02", 62_000],
  ["1-02:03:04", 93_784_000],
  [undefined, undefined],
])("reads %s as ps prints it", (text, timeMs) => {
  expect(parseCpuTime(text)).toBe(timeMs);
});
