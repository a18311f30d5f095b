import { basename } from "node:path";
import { arch, platform } from "node:process";
import { type Upload, uploadOf } from "./upload.ts";

/** What kernels call the architectures of Node. */
const machineNames: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  s390x: "s390x",
  ppc64: "ppc64le",
};

/** The architecture of machines on which this machine's own Node runs; null where it is for another system. */
export function ownArchitecture(): string | null {
  return platform === "linux" ? (machineNames[arch] ?? null) : null;
}

/** This machine's own Node, for machines without one. */
export function runtimeUpload(): Promise<Upload> {
  return uploadOf([{ name: basename(process.execPath), path: process.execPath }]);
}
