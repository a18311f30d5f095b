import { statSync } from "node:fs";
import { UsageError } from "../../errors/errors.ts";
import { writeReport } from "../../reports/run/write.ts";

/** `keelhaul report`: writes a run's page again from what is stored. */
export function runReportCommand(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(
      `${folder} is a file; expected a run folder. \`keelhaul analyze ${folder} --report PATH\` writes its page`,
    );
  }
  process.stdout.write(`${writeReport(folder)}\n`);
}
