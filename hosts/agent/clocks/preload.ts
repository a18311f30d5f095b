import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { SettableClocks } from "../../host.ts";

/** Where packages and `make install` put it; Debian has a folder for each architecture. */
export const libraryFolders = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"];
/** For programs with threads, as nearly all servers are. */
export const preloadedLibrary = "libfaketimeMT.so.1";

/** The path of libfaketime on this machine; null where it is not installed. */
export function findLibfaketime(): string | null {
  const candidates = libraryFolders.flatMap((folder) => [
    join(folder, "faketime", preloadedLibrary),
    ...subfolders(folder).map((name) => join(folder, name, "faketime", preloadedLibrary)),
  ]);
  return candidates.find((file) => existsSync(file)) ?? null;
}

function subfolders(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.includes("-linux-")) : [];
}

/** As `findLibfaketime`; throws where it is not installed. */
export function requireLibfaketime(): string {
  const found = findLibfaketime();
  if (found === null) throw new Error("libfaketime is not installed");
  return found;
}

/** The environment in which a process reads its clocks from libfaketime, which reads their offset from the file at each call. */
export function preloadEnvironment(file: string, clocks: SettableClocks): Record<string, string> {
  return {
    LD_PRELOAD: requireLibfaketime(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    // Otherwise each reading of the file restarts the clock, and a rate has no effect.
    FAKETIME_DONT_RESET: "1",
    // The times of files are the kernel's.
    NO_FAKE_STAT: "1",
    ...(clocks === "wall" ? { FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1" } : {}),
  };
}
