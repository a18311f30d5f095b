import { open, readFile, rm } from "node:fs/promises";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { describeSystemError, isSystemError } from "../../errors/system-error.ts";

/**
 * Writes the HTTP token as `curl -H @FILE` reads it, for this user only. Arguments would show it to every user of the machine.
 * Whatever has the name is removed and never followed or written to, because the folder may be one that others can write to.
 */
export async function writeTokenFile(path: string, token: string): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(`Authorization: Bearer ${token}\n`);
  } finally {
    await file.close();
  }
}

/** The token in a file, as a header or by itself. Throws UsageError. */
export async function readTokenFile(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (!isSystemError(error)) throw error;
    throw new UsageError(`--token-file: ${describeSystemError(error)}`, { cause: error });
  });
  const token = /^(?:Authorization: Bearer )?([0-9a-f]{64})\s*$/i.exec(text)?.[1];
  if (token !== undefined) return token;
  throw new UsageError(
    `--token-file: ${quote(path)} has no token; expected 64 hexadecimal digits, such as in the http-token of a cluster`,
  );
}
