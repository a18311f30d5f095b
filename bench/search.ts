import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { models } from "../analysis/models/registry.ts";
import { linearizable } from "../analysis/search/linearizable.ts";
import { type ContendedOptions, contendedHistory } from "./contended-history.ts";

/** How long the search takes for few values and many clients. Run: `node bench/search.ts`. */
const base = { operations: 100_000, clients: 20, domain: 5, casPercent: 25, unknownPercent: 0, seed: 1 };
const cases: Readonly<Record<string, ContendedOptions>> = {
  "20 clients": base,
  "20 clients, phantom at 80 %": { ...base, spoilAt: { share: 0.8, how: "phantom" } },
  "10 clients": { ...base, clients: 10 },
  "10 clients, stale at 80 %": { ...base, clients: 10, spoilAt: { share: 0.8, how: "stale" } },
};

export interface SearchRow {
  readonly name: string;
  readonly verdict: string;
  readonly seconds: number;
  readonly peakMb: number;
}

/** One row of the table a case, each measured in a process of its own. */
export async function searchRows(): Promise<SearchRow[]> {
  const rows: SearchRow[] = [];
  for (const name of Object.keys(cases)) {
    const { stdout } = await execa(process.execPath, [fileURLToPath(import.meta.url), name], { stderr: "inherit" });
    rows.push(JSON.parse(stdout) as SearchRow);
  }
  return rows;
}

function measure(name: string): SearchRow {
  const options = cases[name];
  if (options === undefined) throw new Error(`no case "${name}"; there are: ${Object.keys(cases).join(", ")}`);
  const events = contendedHistory(options);
  const beganMs = performance.now();
  const { verdict } = linearizable(models["cas-register"].create()).check(events);
  const seconds = (performance.now() - beganMs) / 1000;
  return { name, verdict, seconds, peakMb: process.resourceUsage().maxRSS / 1024 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2];
  if (name !== undefined) console.log(JSON.stringify(measure(name)));
  else for (const row of await searchRows()) console.log(Object.values(row).join("\t"));
}
