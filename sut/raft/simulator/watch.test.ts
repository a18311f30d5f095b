import { expect, test } from "vitest";
import { TestCluster } from "../core/test-cluster.ts";
import { watchInvariants } from "./watch.ts";

test("the first invariant that is broken is told of, once, and nothing is looked at after it", () => {
  const told: string[] = [];
  const watch = watchInvariants(
    () => false,
    () => 0,
    ({ invariant, nodes, detail }) => told.push(`${invariant} ${nodes.join(" ")}: ${detail}`),
  );
  const { started, stepped, durable, ended } = watch;
  const cluster: TestCluster = new TestCluster({
    nodes: 3,
    rules: { electionResult: () => "won", voteWaitsForDisk: () => false },
    watch: {
      started: (_id, state) => started(state),
      stepped: (id, event, effects) => stepped(cluster.state(id), event, effects),
      durable,
      crashed: ended,
    },
  });
  for (const id of ["S1", "S2"]) cluster.campaign(id, () => false);
  expect(told).toEqual(["I1 S1 S2: both lead term 1"]);
  const { steps } = watch;
  cluster.campaign("S3", () => false);
  expect([told.length, watch.steps]).toEqual([1, steps]);
});
