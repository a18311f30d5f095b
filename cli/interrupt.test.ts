import { afterEach, expect, test, vi } from "vitest";
import { type Interruption, interruptible, type StopKey } from "./interrupt.ts";

afterEach(() => void vi.restoreAllMocks());

/** What a command hears of signals and keys, each so long after the last. */
async function hear(signals: readonly (readonly [afterMs: number, name: NodeJS.Signals | StopKey])[]) {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const said: string[] = [];
  let nowMs = 0;
  const task = async ({ signal, hurry, interrupt }: Interruption) => {
    for (const [afterMs, name] of signals) {
      nowMs += afterMs;
      if (name === "q" || name === "Ctrl-C") interrupt(name);
      else process.emit(name, name);
    }
    return { stopped: signal.aborted && signal.reason, hurried: hurry.aborted };
  };
  const heard = await interruptible(
    { first: "healing", second: "hurrying" },
    (line) => said.push(line),
    task,
    () => nowMs,
  );
  return { ...heard, said, exited: exit.mock.calls.map(([code]) => code) };
}

test("the first signal stops, the second hurries, the third ends the process with its own code", async () => {
  expect(await hear([])).toEqual({ stopped: false, hurried: false, said: [], exited: [] });
  expect(await hear([[0, "SIGTERM"]])).toEqual({
    ...{ stopped: "SIGTERM", hurried: false, said: ["SIGTERM: healing"], exited: [] },
  });
  const said = ["SIGINT: healing", "SIGTERM: hurrying"];
  const two = [
    [0, "SIGINT"],
    [1000, "SIGTERM"],
  ] as const;
  expect(await hear(two)).toEqual({ stopped: "SIGINT", hurried: true, said, exited: [] });
  expect(await hear([...two, [1000, "SIGINT"]])).toMatchObject({ exited: [130] });
});

test("a key counts as SIGINT does and is named as what was pressed", async () => {
  const two = [
    [0, "q"],
    [1000, "Ctrl-C"],
  ] as const;
  const said = ["q: healing", "Ctrl-C: hurrying"];
  expect(await hear(two)).toEqual({ stopped: "q", hurried: true, said, exited: [] });
  expect(await hear([...two, [1000, "Ctrl-C"]])).toMatchObject({ exited: [130] });
});

test("one Ctrl-C that comes from the terminal and from npm counts once", async () => {
  expect(
    await hear([
      [0, "SIGINT"],
      [3, "SIGINT"],
    ]),
  ).toMatchObject({ hurried: false, said: ["SIGINT: healing"] });
});

test("a closed terminal stops, and hurries nothing however often it is reported", async () => {
  expect(
    await hear([
      [0, "SIGHUP"],
      [2000, "SIGHUP"],
    ]),
  ).toMatchObject({ stopped: "SIGHUP", hurried: false });
  expect(
    await hear([
      [0, "SIGINT"],
      [2000, "SIGHUP"],
    ]),
  ).toMatchObject({ stopped: "SIGINT", hurried: false });
});

test("signals are left alone once the task is over", async () => {
  const before = process.listenerCount("SIGHUP");
  await hear([]);
  expect(process.listenerCount("SIGHUP")).toBe(before);
});
