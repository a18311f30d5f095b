import type { Mutant } from "../mutant.ts";

/** The mutants as a table in Markdown. */
export function catalogue(mutants: readonly Mutant[]): string {
  const rows = mutants.map((mutant) => `| ${cells(mutant).join(" | ")} |`);
  return [head, head.replaceAll(/[^|]+/g, " --- "), ...rows].join("\n");
}

const head = "| id | name | what is wrong | breaks | section | scenes | consequence | detected by |";

function cells(mutant: Mutant): string[] {
  const { id, name, breaks, section, scenes, anomalies, rules = {}, duties = {}, kvRules = {}, expected } = mutant;
  const [rule] = Object.keys({ ...rules, ...duties, ...kvRules });
  const catchers = [...expected.invariants, ...(expected.blackBox ? ["external"] : [])];
  return [id, name, breaks, `\`${rule}\``, section, scenes.join(", "), anomalies.join(", "), catchers.join(", ")];
}
