/** What the page says of one mutant. */
export interface MutantRow {
  readonly id: string;
  readonly name: string;
  readonly breaks: string;
  readonly anomalies: readonly string[];
  /** `open`: its runs were interrupted before it was noticed. */
  readonly caughtBy: "invariant" | "outside" | "both" | "no" | "open";
  /** Why it does not show from outside. */
  readonly missed: string | null;
  /** Null where nobody looked into the store. */
  readonly byInvariants: Tried | null;
  readonly fromOutside: Tried;
  /** The correct store in the same place. */
  readonly control: Tried;
}

/** Seeds that were tried until one had something to show. */
export interface Tried {
  readonly seeds: number;
  /** What the runs took by their own clocks, and in real time. */
  readonly virtualSeconds: number;
  readonly seconds: number;
  /** How many of them were inconclusive. */
  readonly unknown: number;
  /** `report` is where the run's page is, seen from this one. */
  readonly found: { readonly seed: number; readonly summary: string; readonly report: string | null } | null;
}

export interface MutantsPage {
  readonly system: string;
  readonly backend: string;
  readonly command: string;
  readonly interrupted: boolean;
  /** How many mutants do what shows from outside, and how many of those were noticed there, and by what clients saw. */
  readonly outside: Readonly<Record<"of" | "caught" | "byClients", number>> & { readonly missed: readonly string[] };
  readonly rows: readonly MutantRow[];
}

/** One page that opens from disk: every mutant, what caught it and how soon, and how the correct store did in the same place. */
export function renderMutants({ system, backend, command, interrupted, outside, rows }: MutantsPage): string {
  const caught = rows.filter(({ caughtBy }) => caughtBy !== "no" && caughtBy !== "open").length;
  const accused = rows.filter(({ control }) => control.found !== null).length;
  const control = `The correct store was wrongly accused in ${accused} of ${rows.length} configurations.`;
  const warning = interrupted ? '<p class="unknown">Interrupted: some searches did not finish.</p>\n' : "";
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${caught} of ${rows.length} mutants detected - Keelhaul</title>
<style>${style}</style>
<h1>${caught} of ${rows.length} mutants of ${escaped(system)} were detected</h1>
${warning}<p>On ${escaped(backend)}. ${detected(outside)} ${control}
Seconds are those of the runs' own clocks: virtual time on sim.</p>
<p>Run it again: <code>${escaped(command)}</code></p>
<div class="wide">
<table>
<thead><tr>${columns.map((title) => `<th>${title}</th>`).join("")}</tr></thead>
<tbody>
${rows.map(renderRow).join("\n")}
</tbody>
</table>
</div>
</html>
`;
}

/** How many of the externally visible mutants were detected without a look into the store. */
function detected({ of, caught, byClients, missed }: MutantsPage["outside"]): string {
  const except = missed.length === 0 ? "" : ` (not ${missed.join(", ")})`;
  const byNodes = `${caught - byClients} by nodes that crashed or led one term together`;
  return `${caught} of ${of} externally visible mutants detected from outside${except}: ${byClients} by what clients saw,
${byNodes}.`;
}

const columns = [
  ...["mutant", "what is wrong", "detected by"],
  ...["an invariant, after", "from outside, after", "correct store"],
];

const words = {
  invariant: "an invariant",
  outside: "from outside",
  both: "both",
  no: "missed",
  open: "interrupted",
} as const;
const looks = { invariant: "caught", outside: "caught", both: "caught", no: "missed", open: "unknown" } as const;

function renderRow({ id, name, breaks, anomalies, caughtBy, missed, ...tried }: MutantRow): string {
  const { byInvariants, fromOutside, control } = tried;
  const reason = missed === null || fromOutside.found !== null ? "" : `<small>${escaped(missed)}</small>`;
  const cells = [
    `<th scope="row">${id}<small>${escaped(name)}</small></th>`,
    `<td>${escaped(breaks)}<small>${escaped(anomalies.join(", "))}</small></td>`,
    `<td class="${looks[caughtBy]}">${words[caughtBy]}</td>`,
    `<td>${byInvariants === null ? "not inspected" : search(byInvariants)}</td>`,
    `<td>${search(fromOutside)}${reason}</td>`,
    `<td>${correct(control)}</td>`,
  ];
  return `<tr>${cells.join("")}</tr>`;
}

function search({ seeds, virtualSeconds, found }: Tried): string {
  const effort = `${seeds} ${seeds === 1 ? "seed" : "seeds"}, ${Math.round(virtualSeconds)} s`;
  return found === null ? `<span class="unknown">not in ${effort}</span>` : `${effort}<small>${run(found)}</small>`;
}

function correct({ seeds, unknown, found }: Tried): string {
  if (found !== null) return `<span class="invalid">invalid</span><small>${run(found)}</small>`;
  if (unknown > 0) return `<span class="unknown">${unknown} of ${seeds} inconclusive</span>`;
  return `<span class="valid">valid in ${seeds}</span>`;
}

function run({ seed, summary, report }: NonNullable<Tried["found"]>): string {
  const text = `seed ${seed}: ${escaped(summary)}`;
  return report === null ? text : `<a href="${escaped(encodeURI(report))}">${text}</a>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 1400px; margin: 32px auto; padding: 0 20px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 900px; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid #8886; }
small { display: block; font-weight: normal; opacity: 0.8; overflow-wrap: anywhere; }
p { margin: 0 0 12px; }
code { overflow-wrap: anywhere; }
.caught, .valid { color: light-dark(#0b6b4f, #5fc9a2); }
.missed, .invalid { color: light-dark(#b3261e, #ff8a7d); font-weight: 600; }
.unknown { color: light-dark(#8a5a00, #f1c056); }
`;
