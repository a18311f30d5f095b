import type { Evidence } from "../../../history/annotations.ts";
import { catchUpLine, trueTime } from "../../../hosts/clocks/line.ts";
import type { NodeAction } from "../../../hosts/host.ts";
import { injection } from "../../../hosts/injection.ts";
import { heldByOthers, Shares } from "../../../hosts/shares.ts";
import { type Clock, nowMs, sleepMs } from "../../../time/clock.ts";
import type { Machine } from "./machine.ts";

type Asked<Kind extends NodeAction["kind"]> = {
  readonly action: Extract<NodeAction, { kind: Kind }>;
  readonly time: Clock;
};

/** What faults do to the clocks of simulated machines. */
export function clockActions() {
  /** By node. */
  const walls = new Shares();
  const rates = new Shares();
  return {
    clock: async (machine: Machine, { action: { course } }: Asked<"clock">) => {
      const release = walls.take([machine.id]);
      machine.clocks.setWall(course);
      return injection([clockEvidence(machine)], async () => {
        release();
        if (walls.isHeld(machine.id)) return [heldByOthers(machine.id)];
        machine.clocks.restoreWall();
        return [clockEvidence(machine)];
      });
    },
    "clock-monotonic": async (machine: Machine, { action, time }: Asked<"clock-monotonic">) => {
      const release = rates.take([machine.id]);
      machine.clocks.monotonic = { sinceMs: nowMs(time), offsetMs: 0, rate: action.rate };
      return injection([clockEvidence(machine)], async () => {
        release();
        if (rates.isHeld(machine.id)) return [heldByOthers(machine.id)];
        const { line, takesMs } = catchUpLine(machine.clocks.monotonic, nowMs(time));
        machine.clocks.monotonic = line;
        await sleepMs(time, takesMs);
        machine.clocks.monotonic = trueTime;
        return [clockEvidence(machine)];
      });
    },
  };
}

/** How the machine's clocks go. What a node sees of it is the node's own to report. */
function clockEvidence({ id, clocks: { wallAheadMs, monotonicAheadMs, monotonicRate } }: Machine): Evidence {
  const wall = `wall clock ${seconds(wallAheadMs + monotonicAheadMs)} ahead`;
  const monotonic = `monotonic clock at ${Math.round(monotonicRate * 100)} % of its rate`;
  return { subject: id, observation: `virtual machine: ${wall}, ${monotonic}`, proves: true };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
