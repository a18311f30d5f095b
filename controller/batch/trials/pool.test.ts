import { expect, test } from "vitest";
import { UsageError } from "../../../errors/errors.ts";
import { TrialPool } from "./pool.ts";

const options = { backend: "sim", system: "memory", timeLimit: "1s", rate: 20 };

test("more trials than threads are all answered, and options that cannot be carried out are refused as such", async () => {
  const pool = new TrialPool(2);
  try {
    const asked = [1, 2, 3, 4, 5].map((seed) => pool.run({ ...options, seed }));
    const refused = pool.run({ ...options, nodes: 0 });
    await expect(refused).rejects.toThrow(UsageError);
    const trials = await Promise.all(asked);
    expect(trials.map(({ verdict }) => verdict)).toEqual(["valid", "valid", "valid", "valid", "valid"]);
    expect(new Set(trials.map(({ digest }) => digest)).size).toBe(5);
  } finally {
    await pool.close();
  }
});

test("a trial that hangs is stopped and decides nothing; the next one gets another thread", async () => {
  const script = new URL("./test-support/hanging-worker.ts", import.meta.url);
  const pool = new TrialPool(1, { script, graceMs: 200 });
  try {
    const [hung, next] = await Promise.all([
      pool.run({ ...options, seed: 1, name: "hangs" }),
      pool.run({ ...options, seed: 2 }),
    ]);
    const summary = "the run broke off: it took longer than 1.2s of real time, and was stopped";
    expect(hung).toMatchObject({ verdict: "unknown", summary, failure: null, seconds: 1.2 });
    expect(next.verdict).toBe("valid");
  } finally {
    await pool.close();
  }
});

test("a trial whose thread ends is told, and the next one gets another", async () => {
  const pool = new TrialPool(1, { script: new URL("./test-support/hanging-worker.ts", import.meta.url) });
  try {
    const ended = pool.run({ ...options, seed: 1, name: "ends" });
    const failed = pool.run({ ...options, seed: 2, name: "fails" });
    const next = pool.run({ ...options, seed: 3 });
    await expect(ended).rejects.toThrow("its thread ended");
    await expect(failed).rejects.toThrow("out of luck");
    expect((await next).verdict).toBe("valid");
  } finally {
    await pool.close();
  }
});
