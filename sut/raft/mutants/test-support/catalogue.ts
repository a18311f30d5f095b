import type { Mutant } from "../mutant.ts";

/** The mutants as a table in Markdown. */
export function catalogue(mutants: readonly Mutant[]): string {
  const rows = mutants.map((mutant) => `| ${cells(mutant).join(" | ")} |`);
  return [head, head.replaceAll(/[^|]+/g, " --- "), ...rows].join("\n");
}

const head = "| id | name | what is wrong | breaks | section | scenes | consequence | detected by | modelled on |";

function cells(mutant: Mutant): string[] {
  const {
    id,
    name,
    breaks,
    section,
    scenes,
    anomalies,
    rules = {},
    duties = {},
    kvRules = {},
    expected,
    modelledOn = "",
  } = mutant;
  const [rule] = Object.keys({ ...rules, ...duties, ...kvRules });
  const catchers = [...expected.invariants, ...(expected.blackBox ? ["external"] : [])];
  const told = [id, name, breaks, `\`${rule}\``, section, scenes.join(", "), anomalies.join(", "), catchers.join(", ")];
  return [...told, modelledOn];
}
