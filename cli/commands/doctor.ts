import { backends } from "../../hosts/registry.ts";

/** `keelhaul doctor`: what every backend can do on this machine, and how to get the rest. */
export async function runDoctor(): Promise<void> {
  for (const backend of backends) {
    process.stdout.write(`${backend.name}\n`);
    for (const { what, works, detail, remedy } of await backend.doctor()) {
      process.stdout.write(`  ${works ? "✓" : "✗"} ${what.padEnd(22)} ${detail}\n`);
      if (!works && remedy !== undefined) process.stdout.write(`    ${"".padEnd(22)} → ${remedy}\n`);
    }
  }
}
