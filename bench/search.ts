import { fileURLToPath } from "node:url";
import { models } from "../analysis/models/registry.ts";
import { linearizable } from "../analysis/search/linearizable.ts";
import { type ContendedOptions, contendedHistory } from "./contended-history.ts";
import { inOwnProcess } from "./in-own-process.ts";
import { type Spent, spentOn } from "./spent.ts";

/** How long the search takes for few values and many clients. Run: `node bench/search.ts`. */
const base = { operations: 100_000, clients: 20, domain: 5, casPercent: 25, unknownPercent: 0, seed: 1 };
const cases: Readonly<Record<string, ContendedOptions>> = {
  "20 clients": base,
  "20 clients, phantom at 80 %": { ...base, spoilAt: { share: 0.8, how: "phantom" } },
  "10 clients": { ...base, clients: 10 },
  "10 clients, stale at 80 %": { ...base, clients: 10, spoilAt: { share: 0.8, how: "stale" } },
};

export interface SearchRow extends Spent {
  readonly name: string;
  readonly verdict: string;
}

/** One case, measured in a process of its own. */
export function searchRow(name: string): Promise<SearchRow> {
  return inOwnProcess("search.ts", name);
}

function measure(name: string): SearchRow {
  const options = cases[name];
  if (options === undefined) throw new Error(`no case "${name}"; there are: ${Object.keys(cases).join(", ")}`);
  const events = contendedHistory(options);
  const { result, spent } = spentOn(() => linearizable(models["cas-register"].create()).check(events));
  return { name, verdict: result.verdict, ...spent };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2];
  if (name !== undefined) console.log(JSON.stringify(measure(name)));
  else for (const each of Object.keys(cases)) console.log(Object.values(await searchRow(each)).join("\t"));
}
