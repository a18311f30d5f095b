import { statSync } from "node:fs";
import { UsageError } from "../../errors/errors.ts";
import { unknownName } from "../../errors/suggest.ts";
import { writeArchive } from "../../reports/run/archive.ts";
import { type ReportFormatName, reportFormats } from "../../reports/run/formats.ts";
import { writeMarkdown, writeReport } from "../../reports/run/write.ts";

/** Each writes into a run folder, and returns the path of what it wrote. */
const writers: Readonly<Record<ReportFormatName, (folder: string) => string | Promise<string>>> = {
  html: (folder) => writeReport(folder),
  markdown: writeMarkdown,
  zip: writeArchive,
};

/** `keelhaul report`: writes a run's report again from what is stored. */
export async function runReportCommand(folder: string, { format: name }: { readonly format: string }): Promise<void> {
  const format = reportFormats.find((each) => each.name === name);
  if (format === undefined) {
    const names = reportFormats.map((each) => each.name);
    throw new UsageError(`--format: ${unknownName(name, names, `one of ${names.join(", ")}`)}`);
  }
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(
      `${folder} is a file; expected a run folder. \`keelhaul analyze ${folder} --report PATH\` writes its page`,
    );
  }
  process.stdout.write(`${await writers[format.name](folder)}\n`);
}
