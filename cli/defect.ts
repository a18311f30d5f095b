import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keelhaulVersion } from "../hosts/version.ts";

/** What is said of a defect of our own. Its stack trace goes to a file, for whoever mends it. */
export function describeDefect(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: String(error) };
  const what = `internal error: ${message.replaceAll(/\s+/g, " ")}`;
  const file = join(tmpdir(), `keelhaul-error-${process.pid}.txt`);
  const command = process.argv.slice(2).join(" ");
  try {
    writeFileSync(
      file,
      `keelhaul ${keelhaulVersion()}, Node ${process.version}, ${process.platform}\n${command}\n${stack}\n`,
    );
    return `${what}. This is a defect of Keelhaul: please report it with ${file}`;
  } catch {
    // Nowhere to keep it: better on the terminal than lost.
    return `${what}. This is a defect of Keelhaul: please report it with this stack trace\n${stack}`;
  }
}
