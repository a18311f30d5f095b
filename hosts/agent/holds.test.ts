import { expect, it } from "vitest";
import type { Evidence } from "../../history/annotations.ts";
import type { Machine } from "./actions/action.ts";
import { Holds } from "./holds.ts";

/** Holds of a machine on which some actions fail, and what was done there. */
function holdsThatCannot(broken: readonly string[]) {
  const done: string[] = [];
  const problems: string[] = [];
  const note = async (action: string): Promise<Evidence> => {
    if (broken.includes(action)) throw new Error(`${action} failed`);
    done.push(action);
    return { subject: "n1", observation: action, proves: true };
  };
  const machine = {
    processes: { pause: (node: string) => note(`pause ${node}`), resume: (node: string) => note(`resume ${node}`) },
    links: { cut: () => note("cut"), mend: (edges: readonly string[][]) => note(`mend ${edges.length}`) },
  } as unknown as Machine;
  return { holds: new Holds(machine, (problem) => problems.push(problem)), done, problems };
}

const pause = { kind: "pause", node: "n1" } as const;
const cut = { kind: "cut", edges: [["n1", "n2"]] } as const;

it("undoes the rest when one action cannot be undone, each target once, and says what was not undone", async () => {
  const { holds, done, problems } = holdsThatCannot(["resume n1"]);
  await holds.inject("1", cut);
  await holds.inject("2", cut);
  await holds.inject("3", pause);
  expect(await holds.lapse()).toBe(true);
  expect(done).toEqual(["cut", "cut", "pause n1", "mend 1"]);
  expect(problems).toEqual(["pause could not be undone: resume n1 failed"]);
  expect(holds.unhealed().map(({ hold }) => hold)).toEqual(["1", "2", "3"]);
});

it("undoes an action that failed halfway, and leaves nothing to heal", async () => {
  const { holds, done, problems } = holdsThatCannot(["pause n1"]);
  await expect(holds.inject("1", pause)).rejects.toThrow("pause n1 failed");
  expect(done).toEqual(["resume n1"]);
  expect([holds.unhealed(), await holds.lapse(), problems]).toEqual([[], false, []]);
});

it("reports the failure itself when what failed halfway cannot be undone either", async () => {
  const { holds, problems } = holdsThatCannot(["pause n1", "resume n1"]);
  await expect(holds.inject("1", pause)).rejects.toThrow("pause n1 failed");
  expect(problems).toEqual(["pause could not be undone: resume n1 failed"]);
});
