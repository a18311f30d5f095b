import { edn } from "./edn.ts";
import type { ImportFormat } from "./format.ts";
import { keelhaul } from "./keelhaul.ts";
import { porcupineEtcd } from "./porcupine-etcd.ts";
import { porcupineKv } from "./porcupine-kv.ts";

/** Every notation that can be read, in the order in which a file is tried; `--format` takes these names. */
export const importFormats = [keelhaul, porcupineEtcd, porcupineKv, edn] as const satisfies readonly ImportFormat[];
