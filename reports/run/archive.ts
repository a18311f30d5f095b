import { createWriteStream, existsSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { runFiles } from "../../history/test-record.ts";
import { writeMarkdown, writeReport } from "./write.ts";

/** What is packed besides the logs: those of them that the run has. */
const files = [
  runFiles.test,
  runFiles.schedule,
  runFiles.history,
  runFiles.compressedHistory,
  runFiles.results,
  runFiles.report,
  runFiles.markdown,
] as const;

/**
 * Packs a run folder into its `run.zip`, with both reports written anew, and returns the path. The archive holds one folder, named
 * after the run. Data of machines that a killed run left behind stays out.
 */
export async function writeArchive(folder: string): Promise<string> {
  writeReport(folder);
  writeMarkdown(folder);
  const archive = join(folder, runFiles.archive);
  const draft = `${archive}.part`;
  try {
    const zip = zipOf(folder);
    await pipeline(zip.outputStream, createWriteStream(draft, { flags: "wx" }));
    renameSync(draft, archive);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return archive;
}

function zipOf(folder: string): ZipFile {
  const zip = new ZipFile();
  const run = realpathSync(folder); // `store/latest` is a link to it.
  const name = `${basename(dirname(run))}-${basename(run)}`;
  const logs = join(folder, runFiles.logs);
  const ofNodes = existsSync(logs) ? readdirSync(logs).map((file) => join(runFiles.logs, file)) : [];
  for (const file of [...files.filter((each) => existsSync(join(folder, each))), ...ofNodes]) {
    zip.addFile(join(folder, file), `${name}/${file}`);
  }
  zip.end();
  return zip;
}
