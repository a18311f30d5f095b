import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NodeAction, SettableClocks } from "../../host.ts";
import { Disks } from "../disks/disks.ts";
import { Images } from "../disks/images.ts";
import { Holds } from "../holds.ts";
import { Processes } from "../processes.ts";
import { Clocks } from "./clocks.ts";
import { findLibfaketime } from "./preload.ts";
import { whyUnaffected } from "./unaffected.ts";

const isMissing = findLibfaketime() === null;
if (isMissing && process.env.CI === undefined)
  console.warn("SKIPPED: libfaketime is not installed (apt install libfaketime)");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-clocks-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(isMissing && process.env.CI === undefined)("clocks of a node's process", () => {
  it("jump, and are true again", async () => {
    await using node = await startNode("wall");
    expect(await node.inject({ kind: "clock", course: { type: "jump", offsetMs: -300_000 } })).toMatchObject([
      {
        subject: "n1",
        observation: expect.stringMatching(/^wall clock -[23]..\.... s, monotonic clock [+-]0\.0/),
        proves: true,
      },
    ]);
    expect(await node.heal()).toMatchObject([
      { observation: expect.stringMatching(/^wall clock [+-]0\.0/), proves: true },
    ]);
  });

  it("drift and strobe, and keep on when the process starts again", async () => {
    await using node = await startNode("wall");
    expect(await node.inject({ kind: "clock", course: { type: "drift", rate: 2 } })).toMatchObject([{ proves: true }]);
    await node.restart();
    await node.heal();
    const strobe = { type: "strobe", offsetMs: 60_000, everyMs: 50 } as const;
    expect(await node.inject({ kind: "clock", course: strobe })).toMatchObject([{ proves: true }]);
    expect(await node.heal()).toMatchObject([{ proves: true }]);
  });

  it("run at another rate with the monotonic clock, and catch up", async () => {
    await using node = await startNode("both");
    for (const rate of [0.5, 1.5]) {
      expect(await node.inject({ kind: "clock-monotonic", rate })).toMatchObject([{ proves: true }]);
      expect(await node.heal()).toMatchObject([{ proves: true }]);
    }
  });

  it("keep the rate that another fault set while they caught up", async () => {
    await using node = await startNode("both");
    await node.inject({ kind: "clock-monotonic", rate: 1.5 });
    const healing = node.heal();
    expect(await node.inject({ kind: "clock-monotonic", rate: 2 })).toMatchObject([{ proves: true }]);
    expect(await healing).toMatchObject([{ proves: false }]);
    expect(await readFile(join(folder, "n1.clock"), "utf8")).toMatch(/ x2\.0+\n$/);
    expect(await node.heal()).toMatchObject([{ proves: true }]);
  });

  it("show the true time when the controller stops renewing its lease", async () => {
    await using node = await startNode("wall");
    await node.inject({ kind: "clock", course: { type: "jump", offsetMs: 60_000 } });
    await node.lapse();
    expect(await readFile(join(folder, "n1.clock"), "utf8")).toMatch(/^\+0\.0+ x1\.0+\n$/);
    expect(await node.heal()).toMatchObject([
      { observation: expect.stringMatching(/^wall clock [+-]0\.0/), proves: true },
    ]);
  });

  it("are not effective in a process that did not load the library", async () => {
    expect(await whyUnaffected(process.pid)).toMatch(
      /^pid \d+ has not loaded libfaketime: a statically linked program/,
    );
  });

  it("are refused where the process was not started for it, and not effective without a process", async () => {
    await using node = await startNode("wall");
    await expect(node.inject({ kind: "clock-monotonic", rate: 2 })).rejects.toThrow(
      "the process of n1 was not started so that its monotonic clock can be set",
    );
    await node.kill();
    expect(await node.inject({ kind: "clock", course: { type: "jump", offsetMs: 5000 } })).toMatchObject([
      { observation: "no process whose clock could be set", proves: false },
    ]);
  });
});

/** A process that waits, and its clocks. Actions go through holds, as the agent's do. */
async function startNode(clocks: SettableClocks) {
  const processes = new Processes(process.env);
  const parts = {
    processes,
    clocks: new Clocks(processes),
    disks: new Disks(processes),
    images: new Images(processes),
  };
  const machine = { ...parts, links: {} as never, environment: process.env };
  const holds = new Holds(machine, () => {});
  const log = join(folder, "n1.log");
  const start = async () => {
    await rm(log, { force: true });
    await machine.clocks.start({
      ...{
        node: "n1",
        command: process.execPath,
        args: ["-e", "console.log('up'); setInterval(() => {}, 1000)"],
        env: {},
      },
      ...{ cwd: folder, log, clocks },
    });
    await expect.poll(() => readFile(log, "utf8")).toContain("up");
  };
  await start();
  let last = 0;
  return {
    inject: (action: Extract<NodeAction, { kind: "clock" | "clock-monotonic" }>) =>
      holds.inject(String(++last), { node: "n1", ...action }),
    heal: async () => (await holds.heal(String(last))).evidence,
    lapse: () => holds.lapse(),
    kill: () => processes.kill("n1"),
    restart: async () => {
      await processes.kill("n1");
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      machine.clocks.stop();
      await processes.killAll();
    },
  };
}
