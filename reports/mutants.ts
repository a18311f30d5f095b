/** What the page says of one mutant. */
export interface MutantRow {
  readonly id: string;
  readonly name: string;
  readonly breaks: string;
  readonly caughtBy: "invariant" | "clients" | "both" | "no";
  /** The runs that caught it; `report` is where their pages are, seen from this one. */
  readonly caught: readonly { readonly summary: string; readonly seed: number; readonly report: string | null }[];
  readonly runs: number;
  readonly seconds: number;
  readonly control: {
    readonly verdict: "valid" | "invalid" | "unknown";
    readonly runs: number;
    readonly summary: string;
  };
}

export interface MutantsPage {
  readonly system: string;
  readonly backend: string;
  readonly command: string;
  readonly rows: readonly MutantRow[];
}

const words = { invariant: "an invariant", clients: "what clients saw", both: "both", no: "not caught" } as const;

/** One page that opens from disk: every mutant, what caught it, and how the correct store did in the same place. */
export function renderMutants({ system, backend, command, rows }: MutantsPage): string {
  const caught = rows.filter(({ caughtBy }) => caughtBy !== "no").length;
  const accused = rows.filter(({ control }) => control.verdict === "invalid").length;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${caught} of ${rows.length} mutants caught - Keelhaul</title>
<style>${style}</style>
<h1>${caught} of ${rows.length} mutants of ${escaped(system)} were caught</h1>
<p>On ${escaped(backend)}; the correct store was wrongly accused in ${accused} of ${rows.length} configurations. Again:
<code>${escaped(command)}</code></p>
<table>
<thead><tr><th>mutant</th><th>what is wrong</th><th>caught by</th><th>evidence</th><th>runs</th><th>seconds</th><th>control</th></tr></thead>
<tbody>
${rows.map(row).join("\n")}
</tbody>
</table>
</html>
`;
}

function row({ id, name, breaks, caughtBy, caught, runs, seconds, control }: MutantRow): string {
  const cells = [
    `<th scope="row">${id}<small>${escaped(name)}</small></th>`,
    `<td>${escaped(breaks)}</td>`,
    `<td class="${caughtBy === "no" ? "missed" : "caught"}">${words[caughtBy]}</td>`,
    `<td>${caught.map(evidence).join("")}</td>`,
    `<td>${runs}</td>`,
    `<td>${seconds.toFixed(1)}</td>`,
    `<td class="${control.verdict}">${control.verdict} in ${control.runs}<small>${escaped(control.summary)}</small></td>`,
  ];
  return `<tr>${cells.join("")}</tr>`;
}

function evidence({ summary, seed, report }: MutantRow["caught"][number]): string {
  const text = `seed ${seed}: ${escaped(summary)}`;
  return report === null ? `<p>${text}</p>` : `<p><a href="${escaped(encodeURI(report))}">${text}</a></p>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 1200px; margin: 32px auto; padding: 0 20px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid #8886; }
thead th { position: sticky; top: 0; background: Canvas; }
small { display: block; font-weight: normal; opacity: 0.75; }
p { margin: 0 0 6px; }
td:nth-child(5), td:nth-child(6) { text-align: right; font-variant-numeric: tabular-nums; }
.caught, .valid { color: light-dark(#0b6b4f, #5fc9a2); }
.missed, .invalid { color: light-dark(#b3261e, #ff8a7d); font-weight: 600; }
.unknown { color: light-dark(#8a5a00, #f1c056); }
`;
