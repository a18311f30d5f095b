import { join } from "node:path";
import { UsageError } from "../../errors/errors.ts";
import { readTestRecord } from "../../history/read-record.ts";
import { runFiles } from "../../history/test-record.ts";
import { readScheduleFile } from "./schedule/file.ts";

/**
 * The options that give the plan of a stored run again: those of its `test.json`, with the faults of its `schedule.json` where it
 * was given a schedule. Throws a UsageError for a folder that does not say them.
 */
export async function recordedOptions(folder: string): Promise<Record<string, unknown>> {
  const test = readTestRecord(folder);
  if (test === null)
    throw new UsageError(`${folder}: no ${runFiles.test} there; expected a run folder such as store/latest`);
  const { options, command } = test;
  if (options === undefined) {
    throw new UsageError(
      `${folder} was recorded by a version that did not store its options; its command was \`${command}\``,
    );
  }
  if ("nemesis" in options) return { ...options };
  const { faults } = await readScheduleFile(join(folder, runFiles.schedule));
  return { ...options, schedule: { faults } };
}
