import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";

const script = fileURLToPath(new URL("test-support/view-memory.ts", import.meta.url));
const measured = z.object({ passedMs: z.number(), keptBytes: z.array(z.number()) });
/** Three bytes for each operation of half an hour: less than any list of them takes. */
const boundBytes = 1024 * 1024;

test("the live view keeps no more memory after an hour than after half an hour", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script]);
  const { passedMs, keptBytes } = measured.parse(JSON.parse(stdout));
  expect(passedMs).toBe(3_600_000);
  const [first, second] = [keptBytes.slice(0, 30), keptBytes.slice(30)];
  expect(second).toHaveLength(30);
  expect(Math.max(...second) - Math.max(...first)).toBeLessThan(boundBytes);
});
