import type { ChangeFault } from "./fault.ts";

/** A transfer is given up by the leader after an election timeout; the rest is for finding the new leader. */
const transferTimeoutMs = 3000;

/** Hands leadership to another voter (§3.10), which on a healthy cluster must not fail, nor interrupt it for long. */
export const transfer = {
  name: "transfer",
  kind: "change",
  asks: ["transferLeadership"],
  description: "transfer the leadership while other faults are active",
  needs: [],
  drawn: "often",
  band: { label: "transfer", color: "#9D6B9E" },
  variants: [
    {
      name: "any",
      description: "to any other voter, in whatever state it is",
      minNodes: 2,
      aimsAtLeader: true,
      choose: ({ nodes, leader, members }, random) => {
        const others = (members?.voters ?? nodes).filter((node) => node !== leader);
        return { nodes: leader === null || others.length === 0 ? [] : [random.pick(others)] };
      },
    },
  ],
  make: async ({ host, administration }, { nodes: [to] }) => {
    if (administration.transferLeadership === undefined || to === undefined) {
      throw new Error("no leader was seen that could hand over");
    }
    const { done, observation } = await administration.transferLeadership(host.nodes, to, transferTimeoutMs);
    return [{ subject: to, observation, proves: done }];
  },
} as const satisfies ChangeFault;
