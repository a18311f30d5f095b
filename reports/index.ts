import { runReport } from "./run.ts";

export type { RunMaterial } from "./digest/run.ts";
export { writeReport, writeReportTo } from "./write.ts";

/** Every kind of report; a new one is a file and a line here. */
export const reports = { run: runReport } as const;

/** The report of one run, as one HTML file that opens from disk without a network. */
export const renderReport = reports.run.render;
