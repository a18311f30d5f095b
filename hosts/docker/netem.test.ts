import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { netemMissing } from "./netem.ts";

it("goes by the kernel's configuration and its modules, and assumes nothing where there is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-netem-"));
  const config = join(folder, "config.gz");
  const withSetting = async (line: string) => {
    await writeFile(config, gzipSync(`CONFIG_NET=y\n${line}\n`));
    return netemMissing(config, folder);
  };
  try {
    expect(netemMissing(config, folder)).toBeNull();
    expect(await withSetting("CONFIG_NET_SCH_NETEM=y")).toBeNull();
    expect(await withSetting("# CONFIG_NET_SCH_NETEM is not set")).toBe("the kernel has no sch_netem");
    expect(await withSetting("CONFIG_NET_SCH_NETEM=m")).toBeNull();
    await writeFile(join(folder, "modules.dep"), "kernel/net/sched/sch_htb.ko:\n");
    expect(await withSetting("CONFIG_NET_SCH_NETEM=m")).toBe("the kernel has no sch_netem");
  } finally {
    await rm(folder, { recursive: true });
  }
});
