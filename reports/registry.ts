import { compareReport } from "./compare/report.ts";
import { mutantsReport } from "./mutants/report.ts";
import { runReport } from "./run/report.ts";
import { soakReport } from "./soak/report.ts";

/** Every kind of report: a new one is a folder beside this file and a line here. */
export const reports = { run: runReport, mutants: mutantsReport, compare: compareReport, soak: soakReport } as const;
