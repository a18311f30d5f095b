import type { ReportKind } from "../kind.ts";
import { digestSoak, type SoakDigest, type SoakMaterial } from "./digest.ts";

/** The report of a soak: every part with its verdict, and whether service and memory stayed as they were. */
export const soakReport: ReportKind<SoakMaterial, SoakDigest> = {
  name: "soak",
  digest: digestSoak,
  title: ({ verdict }) => `${verdict}: soak`,
};
