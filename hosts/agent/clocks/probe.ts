import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import { type ClockSample, rateWindowMs } from "../../clocks/evidence.ts";

const run = promisify(execFile);
const sampleMs = 25;
const answerWithinMs = 10_000;

/** The kernel's own account, which no preloaded library changes; its last digit is 10 ms. */
const uptime = "/proc/uptime";

/** Reads its clocks until the time is over by the kernel's account, and prints what it read. */
const script = `
const { readFileSync } = require("node:fs");
const samples = [];
const read = () => {
  const upMs = 1000 * Number(readFileSync(${JSON.stringify(uptime)}, "utf8").split(" ")[0]);
  samples.push([upMs, Date.now(), Number(process.hrtime.bigint()) / 1e6]);
  if (upMs - samples[0][0] < ${rateWindowMs + 100}) setTimeout(read, ${sampleMs});
  else console.log(JSON.stringify(samples));
};
read();`;

const printed = z.array(z.tuple([z.number(), z.number(), z.number()]));

/** The clocks as another process reads them under the same preload. */
export async function probeClocks(environment: Readonly<Record<string, string>>): Promise<readonly ClockSample[]> {
  const upMs = 1000 * Number(readFileSync(uptime, "utf8").split(" ")[0]);
  const wallMs = Date.now() - upMs;
  const monotonicMs = Number(process.hrtime.bigint()) / 1e6 - upMs;
  const env = { ...process.env, ...environment };
  const { stdout } = await run(process.execPath, ["-e", script], { env, timeout: answerWithinMs });
  return printed.parse(JSON.parse(stdout)).map(([atMs, wall, monotonic]) => ({
    atMs,
    wallMs: wall - atMs - wallMs,
    monotonicMs: nearest(monotonic - atMs, [monotonicMs, wallMs]),
  }));
}

/** libfaketime lets a monotonic clock that it sets count from 1970, like the wall clock; one that it leaves alone does not. */
function nearest(readMs: number, [first, second]: readonly [number, number]): number {
  const [one, other] = [readMs - first, readMs - second];
  return Math.abs(one) < Math.abs(other) ? one : other;
}
