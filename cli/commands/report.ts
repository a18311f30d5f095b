import { writeReport } from "../../reports/write.ts";

/** `keelhaul report`: writes a run's page again from what is stored. */
export function runReportCommand(folder: string): void {
  process.stdout.write(`${writeReport(folder)}\n`);
}
