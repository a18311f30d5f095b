import { z } from "zod";
import { parseJson } from "../../errors/json.ts";
import type { RunState } from "../run-state.ts";

const machine = z.object({ node: z.string(), bundles: z.string(), bundlesOnNode: z.string(), logs: z.string() });

/** What a run's state says of its machines. */
const schema = z.object({
  /** The backend's own, which name the machines and how to log in. */
  options: z.record(z.string(), z.unknown()),
  /** By node; none while the run is still being prepared. */
  machines: z.record(z.string(), machine),
});
export type Place = z.output<typeof schema>;

/** As a run's state keeps it. */
export function asPlace(place: Place): RunState["place"] {
  return { ssh: JSON.stringify(place) };
}

export function placeOf(place: RunState["place"]): Place {
  return schema.parse(parseJson(place["ssh"] ?? "null"));
}
