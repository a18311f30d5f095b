import { edn } from "./edn.ts";
import type { ImportFormat } from "./format.ts";
import { jepsenBinary } from "./jepsen-binary.ts";
import { jepsenLog } from "./jepsen-log.ts";
import { jepsenTxt } from "./jepsen-txt.ts";
import { json } from "./json.ts";
import { keelhaul } from "./keelhaul.ts";
import { porcupineEtcd } from "./porcupine-etcd.ts";
import { porcupineKv } from "./porcupine-kv.ts";

/** Every notation that can be read, in the order in which a file is tried; `--format` takes these names. */
export const importFormats = [
  keelhaul,
  json,
  porcupineEtcd,
  porcupineKv,
  jepsenTxt,
  edn,
  jepsenLog,
  jepsenBinary,
] as const satisfies readonly ImportFormat[];
