import { runReport } from "./run/report.ts";

export type { RunMaterial } from "./run/digest/run.ts";
export { writeReport, writeReportTo } from "./run/write.ts";

/** Every kind of report; a new one is a file and a line here. */
export const reports = { run: runReport } as const;

/** The report of one run, as one HTML file that opens from disk without a network. */
export const renderReport = reports.run.render;
