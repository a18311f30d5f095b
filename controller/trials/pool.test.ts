import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
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
